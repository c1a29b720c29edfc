/** Owns changes of config.json: one at a time over all processes, atomic, 0600, with the last versions kept. A change touches one member and never a secret. */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { readConfigMembers } from './config-text.ts';
import { changedMembers, type MemberChange, removeMember, setMember } from './edit-config-text.ts';
import { canonicalName, isSecretName, namesOf, SETTING_NAMES, settingOf } from './settings-table.ts';

const KEPT_VERSIONS = 10;
const EMPTY = '{}\n';

export interface ConfigVersion {
  /** Grows by one with each change. */
  readonly version: number;
  /** Milliseconds UTC at which it was replaced. */
  readonly savedAt: number;
  /** Names that the change which replaced it touched. */
  readonly changed: readonly string[];
  /** The same with the values before and after; those of secrets are left out. */
  readonly changes: readonly MemberChange[];
}

type Paths = Pick<HomePaths, 'config' | 'configHistory' | 'run'>;

/** Sets one member. `name` may be unknown; a setting that stands under an alias is changed there. */
export async function setConfigValue(paths: Paths, name: string, value: unknown): Promise<void> {
  await change(paths, (text) => setMember(text, standingName(text, name, paths.config), value, paths.config));
}

/** Removes one member under all its names. False when there was none. */
export async function unsetConfigValue(paths: Paths, name: string): Promise<boolean> {
  return change(paths, (text) => allNames(name).reduce((left, each) => removeMember(left, each, paths.config), text));
}

/** A new value of a setting, or none: then it is taken out under all its names. */
export interface ConfigEdit {
  readonly name: string;
  readonly value?: unknown;
}

/** Makes several changes as one, which one undo takes back. False when nothing changed. */
export async function editConfig(paths: Paths, edits: readonly ConfigEdit[]): Promise<boolean> {
  const apply = (text: string, { name, value }: ConfigEdit): string =>
    value === undefined
      ? allNames(name).reduce((left, each) => removeMember(left, each, paths.config), text)
      : setMember(text, standingName(text, name, paths.config), value, paths.config);
  return change(paths, (text) => edits.reduce(apply, text));
}

/** Takes members out by the very names they have. */
export async function removeConfigMembers(paths: Paths, names: readonly string[]): Promise<boolean> {
  return change(paths, (text) => names.reduce((left, each) => removeMember(left, each, paths.config), text));
}

/** Earlier versions, the newest first. */
export async function listConfigVersions(paths: Paths): Promise<readonly ConfigVersion[]> {
  const versions = await versionNumbers(paths);
  const texts = await Promise.all(versions.map((version) => readFile(versionPath(paths, version), 'utf8')));
  const current = await readCurrent(paths).catch(() => undefined);
  return Promise.all(
    versions.map(async (version, index) => {
      const { mtimeMs } = await stat(versionPath(paths, version));
      const next = index === 0 ? current : texts[index - 1];
      const changes = changesOf(texts[index] ?? EMPTY, next, paths);
      return { version, savedAt: Math.round(mtimeMs), changed: changes.map(({ name }) => name), changes };
    }),
  );
}

/** Goes back to `version`, or to the newest one; later versions are dropped, and what is replaced stays beside them as `undone.json`. Throws `not-found`. */
export async function undoConfig(paths: Paths, version?: number): Promise<ConfigVersion> {
  return withFileLock(lockPath(paths), async () => {
    const versions = await listConfigVersions(paths);
    const wanted = version === undefined ? versions[0] : versions.find((each) => each.version === version);
    if (wanted === undefined) {
      const what =
        version === undefined ? 'There is no earlier version of the configuration' : `There is no version ${version}`;
      throw new ClawError('not-found', `${what}.`, { hint: 'See "claw config history".' });
    }
    const text = await readFile(versionPath(paths, wanted.version), 'utf8');
    readConfigMembers(text, versionPath(paths, wanted.version));
    const current = await readIfThere(paths.config);
    if (current !== undefined)
      await replaceFile(join(paths.configHistory, 'undone.json'), withoutSecrets(current, paths), 0o600);
    await replaceFile(paths.config, text, 0o600);
    const dropped = versions.filter((each) => each.version >= wanted.version);
    await Promise.all(dropped.map((each) => rm(versionPath(paths, each.version), { force: true })));
    return wanted;
  });
}

/** Replaces the text by what `edit` makes of it; false when that is the same. */
async function change(paths: Paths, edit: (text: string) => string): Promise<boolean> {
  return withFileLock(lockPath(paths), async () => {
    const before = await readCurrent(paths);
    const after = edit(before);
    if (after === before) return false;
    await keepVersion(paths, before);
    await replaceFile(paths.config, after, 0o600);
    return true;
  });
}

/** The text of config.json, or that of an empty one. Throws `data-invalid` for a damaged one. */
async function readCurrent(paths: Paths): Promise<string> {
  const text = (await readIfThere(paths.config)) ?? EMPTY;
  readConfigMembers(text, paths.config);
  return text;
}

async function keepVersion(paths: Paths, text: string): Promise<void> {
  await mkdir(paths.configHistory, { recursive: true, mode: 0o700 });
  const versions = await versionNumbers(paths);
  await replaceFile(versionPath(paths, (versions[0] ?? 0) + 1), withoutSecrets(text, paths), 0o600);
  const old = versions.slice(KEPT_VERSIONS - 1);
  await Promise.all(old.map((version) => rm(versionPath(paths, version), { force: true })));
}

/** A secret that someone wrote into config.json by hand is not copied along. Text that is no JSON stays as it is. */
function withoutSecrets(text: string, paths: Paths): string {
  const secrets = SETTING_NAMES.filter((name) => settingOf(name).secret === true).flatMap(namesOf);
  try {
    return secrets.reduce((left, name) => removeMember(left, name, paths.config), text);
  } catch (error) {
    if (error instanceof ClawError) return text;
    throw error;
  }
}

async function versionNumbers(paths: Paths): Promise<readonly number[]> {
  const files = await readdir(paths.configHistory).catch(() => []);
  const numbers = files.flatMap((file) => (/^[0-9]{6}\.json$/.test(file) ? Number.parseInt(file, 10) : []));
  return numbers.toSorted((a, b) => b - a);
}

function versionPath(paths: Paths, version: number): string {
  return join(paths.configHistory, `${String(version).padStart(6, '0')}.json`);
}

function lockPath(paths: Paths): string {
  return join(paths.run, 'config.lock');
}

function changesOf(before: string, after: string | undefined, paths: Paths): readonly MemberChange[] {
  try {
    const changes = after === undefined ? [] : changedMembers(before, after, paths.config);
    return changes.map((change) => (isHidden(change.name) ? { name: change.name } : change));
  } catch {
    return [];
  }
}

/** A secret, or what is named like one. */
function isHidden(name: string): boolean {
  const setting = canonicalName(name);
  return isSecretName(name) || (setting !== undefined && settingOf(setting).secret === true);
}

/** The name under which a setting stands in `text`: the one that counts, or its own. */
function standingName(text: string, name: string, path: string): string {
  const standing = new Set(readConfigMembers(text, path).map((member) => member.name));
  return allNames(name).find((each) => standing.has(each)) ?? name;
}

function allNames(name: string): readonly string[] {
  const setting = canonicalName(name);
  return setting === undefined ? [name] : namesOf(setting);
}
