/** Owns what the doctor can mend by itself. Each repair looks again at what is wrong when its turn comes, so that what mended itself meanwhile is left alone. */
import { rename, rm } from 'node:fs/promises';
import type { Config } from '../config/open-config.ts';
import { removeConfigMembers } from '../config/config-file.ts';
import { readConfigMembers } from '../config/config-text.ts';
import { MEND } from '../doctor/home-checks.ts';
import type { DoctorFacts } from '../doctor/checks.ts';
import type { Mender } from '../doctor/mend.ts';
import type { Clock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { narrowMode } from '../sandbox/narrow-mode.ts';
import { remakeIndexes } from '../store/sqlite/mend-database.ts';
import type { Store } from '../store/store.ts';

export interface MenderNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  /** Makes a search index anew and says how many entries it has. */
  readonly reindex: Readonly<Record<'memory' | 'conversation' | 'knowledge', () => Promise<number>>>;
  /** Writes the installed unit anew and returns its path. */
  readonly rewriteUnit: () => Promise<string>;
}

/** `facts` are those of the checks. */
export function menders(needs: MenderNeeds, facts: DoctorFacts): readonly Mender[] {
  const { config } = needs;
  const own = (check: string, mend: () => Promise<string>): Mender => ({ check, inPlaceOf: [MEND], mend });
  return [
    own('home', async () => closeToOthers(config, await facts.home.open())),
    own('log-files', async () => closeToOthers(config, await facts.home.openLogs())),
    own('env-files', async () => closeToOthers(config, await facts.settings.openEnvFiles())),
    own('temporary-files', async () => remove((await facts.home.leftovers()).temporary)),
    own('old-snapshots', async () => remove((await facts.home.leftovers()).snapshots)),
    own('settings', () => putAside(config, needs.clock)),
    own('setting-aliases', () => dropAliases(config)),
    own('write-ahead-log', async () => {
      const bytes = await (await needs.store()).checkpoint(0);
      return bytes === undefined ? 'Somebody reads from the log.' : `Moved ${bytes} bytes into the database.`;
    }),
    own('stale-files', async () => removeStale(await facts.server.staleFiles())),
    { ...own('store', () => remakeStoreIndexes(config)), needsStop: true },
    ...(['memory', 'conversation', 'knowledge'] as const).map((noun) => ({
      check: `${noun}-index`,
      inPlaceOf: [`claw ${noun} reindex`],
      mend: async () => `Made anew, with ${await needs.reindex[noun]()} entries.`,
    })),
    {
      check: 'service-unit',
      inPlaceOf: ['claw service install'],
      mend: async () => `Wrote ${await needs.rewriteUnit()}; it counts from the next start.`,
    },
  ];
}

/** All but what the owner may read, write and start. */
const NOT_THE_OWNERS = 0o7077;

async function closeToOthers({ paths: { home } }: Config, paths: readonly string[]): Promise<string> {
  const outcomes = await Promise.allSettled(paths.map((path) => narrowMode(home, path, NOT_THE_OWNERS)));
  const failed = outcomes.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw toError(failed.reason);
  return `Only you can read ${paths.join(', ')} now.`;
}

async function remove(paths: readonly string[]): Promise<string> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return `Removed ${paths.join(', ')}.`;
}

/** Only a file that is no JSON: a wrong value is for whoever wrote it. */
async function putAside({ paths }: Config, clock: Clock): Promise<string> {
  const text = (await readIfThere(paths.config)) ?? '{}';
  if (isReadable(text, paths.config)) return 'Nothing had to be done.';
  const aside = `${paths.config}.broken-${clock.now()}`;
  await rename(paths.config, aside);
  return `config.json was no JSON; it is ${aside} now, and the defaults are in force.`;
}

function isReadable(text: string, path: string): boolean {
  try {
    readConfigMembers(text, path);
    return true;
  } catch {
    return false;
  }
}

async function dropAliases({ paths, fresh }: Config): Promise<string> {
  const { standing } = fresh();
  const inForce = new Set(standing.filter(({ isInForce, source }) => isInForce && source === 'config').map(nameOf));
  const names = standing
    .filter((each) => each.source === 'config' && !each.isInForce && inForce.has(nameOf(each)))
    .map(({ written }) => written);
  await removeConfigMembers(paths, names);
  return `Took ${names.join(', ')} out of config.json; "claw config undo" brings it back.`;
}

const nameOf = ({ setting }: { readonly setting: string }): string => setting;

/** Taking a lock of a dead process over and giving it back is the way that no living one is hurt by. */
async function removeStale(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    if (path.endsWith('.lock')) await withFileLock(path, async () => {});
    else await rm(path, { force: true });
  }
  return `Removed ${paths.join(', ')}.`;
}

async function remakeStoreIndexes({ paths }: Config): Promise<string> {
  remakeIndexes(paths.database);
  return 'Made every index of the database anew.';
}
