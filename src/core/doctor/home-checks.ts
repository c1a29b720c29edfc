/** Owns the checks of the home as a folder: whose it is, whether it can be written, how much room there is, and what lies about in it. */
import { commandText } from './command-text.ts';
import { type Check, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface WriteFailure {
  /** Code of the system, such as `EROFS`. */
  readonly code: string;
  /** Where the file system of the home is mounted. */
  readonly mount: string;
  readonly isOwn: boolean;
}

export interface Leftovers {
  /** What killed backups and restores left, by path. */
  readonly temporary: readonly string[];
  /** Copies of the database that an upgrade or a repair made, that are old and not the newest. */
  readonly snapshots: readonly string[];
  /** What restores moved aside more than a week ago. */
  readonly before: readonly string[];
}

export interface HomeFacts {
  readonly home: string;
  readonly nodeVersion: string;
  /** Files and folders that others may read or write although they are the owner's alone. */
  readonly open: () => Promise<readonly string[]>;
  readonly openLogs: () => Promise<readonly string[]>;
  /** Why nothing can be written into the home; undefined when it can. */
  readonly writeFailure: () => Promise<WriteFailure | undefined>;
  /** Bytes of the file system that the home lies on. */
  readonly space: () => Promise<{ readonly free: number; readonly total: number }>;
  /** How many backups there are to take away. */
  readonly backupCount: () => Promise<number>;
  readonly leftovers: () => Promise<Leftovers>;
}

const MIN_NODE = 26;
const GB = 1024 ** 3;
/** Below this, writes soon fail. */
const LITTLE_BYTES = 100 * 1024 ** 2;

/** Mends by itself what the check says. */
export const MEND = 'claw doctor --fix';

export function homeChecks(facts: HomeFacts): readonly Check[] {
  return [
    { check: 'node', run: () => checkNode(facts.nodeVersion) },
    { check: 'home', run: async () => checkModes(facts.home, await facts.open()) },
    { check: 'home-writable', run: () => checkWritable(facts) },
    { check: 'disk-space', run: () => checkSpace(facts) },
    { check: 'log-files', run: async () => checkLogs(await facts.openLogs()) },
    { check: 'temporary-files', run: async () => checkTemporary((await facts.leftovers()).temporary) },
    { check: 'old-snapshots', run: async () => checkSnapshots((await facts.leftovers()).snapshots) },
    { check: 'before-restore', run: async () => checkBefore((await facts.leftovers()).before) },
  ];
}

function checkNode(version: string): Verdict {
  return Number.parseInt(version, 10) >= MIN_NODE
    ? ok(`Node ${version}`)
    : problem(`Node ${version}; claw needs ${MIN_NODE}.`, `npm install --global node@${MIN_NODE}`);
}

function checkModes(home: string, open: readonly string[]): Verdict {
  if (open.length === 0) return ok(`${home} is yours alone`);
  return problem(`Others on this machine can read or change ${open.join(', ')}.`, MEND);
}

function checkLogs(open: readonly string[]): Verdict {
  return open.length === 0 ? ok('logs are yours alone') : warning(`Others can read ${open.join(', ')}.`, MEND);
}

async function checkWritable(facts: HomeFacts): Promise<Verdict> {
  const failure = await facts.writeFailure();
  if (failure === undefined) return ok('files can be written');
  const text = `Nothing can be written into ${facts.home} (${failure.code}): no message, memory or setting is kept.`;
  return problem(text, await writableFix(facts, failure));
}

/** The command after which files can be written into the home. */
export async function writableFix(facts: HomeFacts, { code, mount, isOwn }: WriteFailure): Promise<string> {
  if (code === 'EROFS') return commandText('sudo', 'mount', '-o', 'remount,rw', mount);
  if (['ENOSPC', 'EDQUOT'].includes(code)) return roomFix(facts);
  if (isOwn) return commandText('chmod', 'u+rwx', facts.home);
  return `sudo chown -R "$(id -un)" ${commandText(facts.home)}`;
}

async function checkSpace(facts: HomeFacts): Promise<Verdict> {
  const { free, total } = await facts.space();
  const share = total === 0 ? 1 : free / total;
  const text = `${sizeText(free)} free of ${sizeText(total)} where ${facts.home} is (${Math.floor(share * 100)} %)`;
  if (free < LITTLE_BYTES) return problem(`Only ${text}.`, await roomFix(facts));
  // A small share of a big disk is still a lot of room.
  const isScarce = free < GB || (share < 0.05 && free < 10 * GB);
  return isScarce ? warning(`Only ${text}.`, await roomFix(facts)) : ok(text);
}

/** Old backups first; otherwise only a person can say what may go. */
export async function roomFix({ home, backupCount }: HomeFacts): Promise<string> {
  const count = await backupCount().catch(() => 0);
  return count > 1 ? 'claw backup prune --keep 1' : commandText('du', '-hd1', home);
}

function checkTemporary(paths: readonly string[]): Verdict {
  if (paths.length === 0) return ok('nothing half-made lies about');
  return warning(`Left by something that was killed: ${paths.join(', ')}.`, MEND);
}

function checkSnapshots(paths: readonly string[]): Verdict {
  if (paths.length === 0) return ok('no old copies of the database');
  return warning(`Copies of the database that are older than 30 days, besides the newest: ${paths.join(', ')}.`, MEND);
}

function checkBefore(paths: readonly string[]): Verdict {
  if (paths.length === 0) return ok('nothing is left of a restore');
  return warning(
    `What restores put aside more than a week ago takes room: ${paths.join(', ')}. Look into it first.`,
    commandText('rm', '-r', ...paths),
  );
}

/** Bytes for people. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${value >= 10 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? ''}`;
}
