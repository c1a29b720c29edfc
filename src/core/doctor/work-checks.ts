/** Owns the checks of what claw keeps and does: backups, what could not be delivered, tasks, tools and the spool. */
import { commandText } from './command-text.ts';
import { sizeText } from './home-checks.ts';
import { type Check, ok, type Verdict, warning } from './run-checks.ts';

export interface BackupFacts {
  /** Newest first. */
  readonly backups: readonly { readonly file: string; readonly at: number }[];
  /** When backups were proved, by file. */
  readonly proved: Readonly<Record<string, number>>;
  /** BACKUP_EVERY_HOURS; 0: none are made by themselves. */
  readonly everyHours: number;
  /** There is something to lose. */
  readonly hasData: boolean;
}

export interface ToolFacts {
  /** Names of tools that wait for a yes. */
  readonly waiting: readonly string[];
  readonly quarantined: readonly { readonly name: string; readonly reason: string | null }[];
  /** Files whose bytes are not those that were approved, by their base name. */
  readonly changed: readonly { readonly name: string; readonly file: string }[];
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

export interface WorkFacts {
  readonly now: () => number;
  readonly backups: () => Promise<BackupFacts>;
  readonly deadLetters: () => Promise<readonly string[]>;
  readonly stoppedTasks: () => Promise<readonly { readonly name: string; readonly reason: string | null }[]>;
  readonly tools: () => Promise<ToolFacts>;
  readonly spool: () => Promise<{ readonly path: string; readonly bytes: number }>;
}

const DAY_MS = 86_400_000;
const SPOOL_BYTES = 1024 ** 3;

export function workChecks(facts: WorkFacts): readonly Check[] {
  return [
    { check: 'backups', run: async () => checkBackups(await facts.backups(), facts.now()) },
    { check: 'backup-proof', run: async () => checkProof(await facts.backups(), facts.now()) },
    { check: 'dead-letters', run: async () => checkLetters(await facts.deadLetters()) },
    { check: 'tasks', run: async () => checkTasks(await facts.stoppedTasks()) },
    { check: 'tools', run: async () => checkTools(await facts.tools()) },
    { check: 'spool', run: async () => checkSpool(await facts.spool()) },
  ];
}

function checkBackups({ backups: [newest], everyHours, hasData }: BackupFacts, now: number): Verdict {
  if (!hasData) return ok('nothing to back up yet');
  if (newest === undefined) return warning('There is no backup.', 'claw backup create');
  const days = (now - newest.at) / DAY_MS;
  const most = Math.max(7, (3 * everyHours) / 24);
  const text = `the newest is ${ageText(days)} old: ${newest.file}`;
  return days <= most ? ok(text) : warning(`There is no new backup; ${text}.`, 'claw backup create');
}

function checkProof({ backups: [newest], proved }: BackupFacts, now: number): Verdict {
  if (newest === undefined) return ok('no backup to prove');
  const last = Math.max(0, ...Object.values(proved));
  const days = (now - last) / DAY_MS;
  if (last > 0 && days <= 90) return ok(`one was proved ${ageText(days)} ago`);
  const text = last === 0 ? 'No backup was ever proved by restoring it.' : `No backup was proved for ${ageText(days)}.`;
  return warning(text, commandText('claw', 'backup', 'verify', newest.file));
}

function checkLetters(ids: readonly string[]): Verdict {
  const [first] = ids;
  if (first === undefined) return ok('nothing was left unanswered or undelivered');
  const text = `${ids.length} ${ids.length === 1 ? 'message' : 'messages'} could not be answered or delivered.`;
  return warning(text, ids.length === 1 ? commandText('claw', 'conversation', 'resend', first) : LETTERS);
}

const LETTERS = 'claw conversation failed';

function checkTasks(tasks: Awaited<ReturnType<WorkFacts['stoppedTasks']>>): Verdict {
  const [first] = tasks;
  if (first === undefined) return ok('none was switched off');
  const words = tasks.map(({ name, reason }) => `${name} was switched off: ${reason ?? 'no reason'}`);
  return warning(words.join(' '), commandText('claw', 'task', 'resume', first.name));
}

function checkTools({ waiting, quarantined, changed, unreadable }: ToolFacts): Verdict {
  const [strange] = changed;
  if (strange !== undefined)
    return warning(
      `The file of ${strange.name} is not the one that was approved: ${strange.file}. It is looked at anew before anybody may use it.`,
      commandText('claw', 'tool', 'info', strange.name),
    );
  const [bad] = unreadable;
  if (bad !== undefined)
    return warning(
      `A file of the tools folder cannot be used: ${bad.path}, ${bad.reason}.`,
      commandText('rm', bad.path),
    );
  const [ill] = quarantined;
  if (ill !== undefined)
    return warning(
      `${ill.name} failed too often and is switched off. ${ill.reason ?? ''}`.trim(),
      commandText('claw', 'tool', 'enable', ill.name),
    );
  const [next] = waiting;
  if (next !== undefined)
    return warning(
      `Waiting for your yes or no: ${waiting.join(', ')}. "claw tool info" shows what each wants.`,
      commandText('claw', 'tool', 'approve', next),
    );
  return ok('none is quarantined, changed or waiting');
}

function checkSpool({ path, bytes }: { readonly path: string; readonly bytes: number }): Verdict {
  const text = `${sizeText(bytes)} in ${path}`;
  return bytes < SPOOL_BYTES ? ok(text) : warning(`Files on their way take ${text}.`, 'claw cleanup');
}

function ageText(days: number): string {
  if (days < 1) return `${Math.max(0, Math.round(days * 24))} h`;
  return `${Math.round(days)} ${Math.round(days) === 1 ? 'day' : 'days'}`;
}
