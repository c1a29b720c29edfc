/** Owns the checks of settings: what is wrong, unknown or without effect, what comes from a working directory, and the zone and the clock. */
import type { Settings, WrongValue } from '../config/load-settings.ts';
import type { Oddity } from '../config/settings-remarks.ts';
import { commandText, commentOut } from './command-text.ts';
import { MEND } from './home-checks.ts';
import { type Check, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface SettingFacts {
  readonly settings: () => Settings;
  readonly config: string;
  readonly env: string;
  readonly home: string;
  /** ~/.claw. */
  readonly usualHome: string;
  /** Homes that hold a database, of those given. */
  readonly withDatabase: (homes: readonly string[]) => Promise<readonly string[]>;
  /** Whether config.json has an earlier version. */
  readonly hasVersion: () => Promise<boolean>;
  /** `.env` files that others may read. */
  readonly openEnvFiles: () => Promise<readonly string[]>;
  /** Milliseconds UTC by this machine, and of the newest thing that was written down. */
  readonly now: () => number;
  readonly newest: () => Promise<number | null>;
  /** The zone by which claw reckons; throws when the machine's is not known. */
  readonly zone: () => string;
}

export function settingChecks(facts: SettingFacts): readonly Check[] {
  return [
    { check: 'settings', run: () => checkValues(facts) },
    { check: 'setting-names', run: () => checkNames(facts) },
    { check: 'outranked-settings', run: () => checkOutranked(facts) },
    { check: 'setting-aliases', run: () => checkAliases(facts) },
    { check: 'working-directory', run: () => checkDoors(facts) },
    { check: 'env-files', run: async () => checkEnvFiles(facts.env, await facts.openEnvFiles()) },
    { check: 'other-home', run: () => checkOtherHome(facts) },
    { check: 'time-zone', run: () => checkZone(facts) },
    { check: 'clock', run: () => checkClock(facts) },
  ];
}

async function checkValues(facts: SettingFacts): Promise<Verdict> {
  const { problems, wrongValues, standing } = facts.settings();
  const [first] = problems;
  if (first === undefined) return ok('every setting is valid');
  const text = problems.map(({ message }) => message).join(' ');
  const wrong = wrongValues.find((each) => each.problem === first);
  if (wrong === undefined) return problem(text, await damageFix(facts, first.message));
  const written = standing.find((each) => each.setting === wrong.name && each.isInForce)?.written ?? wrong.name;
  return problem(text, takeOut({ ...wrong, name: written }));
}

/** What to do about a file that cannot be read, or is no JSON. */
async function damageFix({ config, env, hasVersion }: SettingFacts, message: string): Promise<string> {
  const file = message.startsWith(env) ? env : config;
  if (/cannot be read \(E(?:ACCES|PERM)\)/.test(message)) return commandText('chmod', 'u+r', file);
  if (file === env) return commandText('ls', '-l', file);
  return (await hasVersion()) ? 'claw config undo' : MEND;
}

/** The command that takes a setting away from where it stands. */
function takeOut({ name, source, place }: Pick<WrongValue, 'source' | 'place'> & { readonly name: string }): string {
  if (source === 'config') return commandText('claw', 'config', 'unset', name);
  if (source === 'environment') return commandText('unset', name);
  return source === 'flag' ? 'claw doctor' : commentOut(place, process.platform);
}

function checkNames(facts: SettingFacts): Verdict {
  const unknown = facts.settings().oddities.filter(({ kind }) => kind !== 'door');
  const [first] = unknown;
  if (first === undefined) return ok('every name is known, and every value counts');
  return warning(texts(unknown), takeOut(first));
}

const texts = (oddities: readonly Oddity[]): string => oddities.map(({ text }) => text).join(' ');

/** Somebody changed config.json and wonders why nothing happens. */
function checkOutranked(facts: SettingFacts): Verdict {
  const { standing } = facts.settings();
  const behind = standing.filter(({ source, isInForce, differs }) => source === 'config' && !isInForce && differs);
  const [first] = behind;
  if (first === undefined) return ok('what config.json says is in force');
  const words = behind.map(({ setting, written }) => {
    const by = standing.find((each) => each.setting === setting && each.isInForce)?.place ?? 'another place';
    return `${written} of config.json has no effect: ${by} outranks it.`;
  });
  return warning(words.join(' '), commandText('claw', 'config', 'unset', first.setting));
}

/** One setting under two names in one place: who reads it does not see which counts. */
function checkAliases(facts: SettingFacts): Verdict {
  const { standing } = facts.settings();
  const twice = standing.filter(
    (each) =>
      !each.isInForce &&
      each.differs &&
      standing.some((other) => other.isInForce && other.setting === each.setting && other.source === each.source),
  );
  const [first] = twice;
  if (first === undefined) return ok('no setting stands twice in one place');
  const words = twice.map(({ setting, written, place }) => `${written} in ${place} has no effect beside ${setting}.`);
  const { written: name, source, place } = first;
  return warning(words.join(' '), source === 'config' ? MEND : takeOut({ name, source, place }));
}

function checkDoors(facts: SettingFacts): Verdict {
  const { oddities, standing } = facts.settings();
  const doors = oddities.filter(({ kind }) => kind === 'door');
  const [first] = doors;
  if (first !== undefined) return warning(texts(doors), takeOut(first));
  const names = standing.filter(({ source, isInForce }) => source === 'cwd-env' && isInForce);
  return ok(
    names.length === 0
      ? 'nothing comes from the working directory'
      : `from the working directory: ${names.map(({ setting }) => setting).join(', ')}`,
  );
}

function checkEnvFiles(own: string, open: readonly string[]): Verdict {
  if (open.length === 0) return ok('.env files are yours alone');
  const text = `Others can read ${open.join(', ')}, where secrets stand.`;
  return problem(text, open.every((file) => file === own) ? MEND : commandText('chmod', '600', ...open));
}

/** A new, empty home beside one that is in use: nearly always a slip. */
async function checkOtherHome({ home, usualHome, withDatabase }: SettingFacts): Promise<Verdict> {
  if (home === usualHome) return ok(home);
  const used = await withDatabase([home, usualHome]);
  if (!used.includes(usualHome)) return ok(home);
  if (used.includes(home)) return ok(`${home}; there is another one in ${usualHome}`);
  return warning(`${home} is new, and your conversations are in ${usualHome}.`, 'unset CLAW_HOME');
}

function checkZone({ zone, settings }: SettingFacts): Verdict {
  try {
    const name = zone();
    const isKnown = name !== '' && name !== 'Etc/Unknown';
    if (isKnown) return ok(name);
  } catch {
    // Told below.
  }
  const found = settings().standing.find(({ setting, isInForce }) => setting === 'TIMEZONE' && isInForce);
  const text = 'The time zone is not known: schedules would run at the wrong hour.';
  if (found !== undefined) return problem(text, takeOut({ ...found, name: found.written }));
  return warning(text, 'claw config set TIMEZONE UTC');
}

/** No clock of a machine that runs this is right before then: 2026-01-01 UTC. */
const RELEASED = 1_767_225_600_000;
/** So much may two machines differ. */
const SLACK_MS = 10 * 60_000;

async function checkClock({ now, newest }: SettingFacts): Promise<Verdict> {
  const [at, last] = [now(), await newest()];
  const text = new Date(at).toISOString();
  const fix = 'sudo timedatectl set-ntp true';
  if (at < RELEASED) return problem(`The clock says ${text}, which cannot be: sign-ins and schedules go wrong.`, fix);
  if (last === null || last - at < SLACK_MS) return ok(text);
  const lastText = new Date(last).toISOString();
  return warning(`The clock says ${text}, and something was written down at ${lastText}: it was set back.`, fix);
}
