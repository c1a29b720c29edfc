/** Owns the backups that a running server makes: in a process of their own, so that nobody waits for them. */
import { join } from 'node:path';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { runProgram } from '../core/sandbox/run-program.ts';
import { packageRoot } from '../core/tools/source/own-program.ts';

const HOUR_MS = 60 * 60_000;
/** How long a backup and the command after it may take. */
const LONGEST_MS = 12 * HOUR_MS;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Makes a backup when the last one is older than BACKUP_EVERY_HOURS; returns its file, undefined when none is due. Throws what made it fail. */
export async function backupWhenDue(app: App, signal: AbortSignal): Promise<string | undefined> {
  const hours = app.settings.get('BACKUP_EVERY_HOURS');
  if (hours === 0) return undefined;
  const [last] = await (await app.backups()).service.list();
  const at = last === undefined ? 0 : Date.parse(last.header.created_at);
  // A clock that was set back does not stop backups for years.
  const age = app.clock.now() - at;
  if (age >= 0 && age < hours * HOUR_MS) return undefined;
  return (await backUpAside(app, ['--scheduled'], signal)).file;
}

/** Makes a backup by another claw of this home, which ends with `signal`. Throws `upstream-failed` with what that said. */
export async function backUpAside(
  app: App,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ file: string } & Record<string, unknown>> {
  const { home } = app.paths;
  const claw = join(packageRoot(), 'bin', 'claw.js');
  const { outcome, code, stdout, stderr } = await runProgram({
    program: process.execPath,
    args: ['--disable-sigusr1', claw, 'backup', 'create', '--json', '--home', home, ...args],
    env: app.config.own,
    cwd: home,
    timeoutMs: LONGEST_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome === 'exited' && code === 0) return JSON.parse(stdout.toString('utf8')) as { file: string };
  const said = stderr.toString('utf8').trim() || stdout.toString('utf8').trim();
  throw new ClawError('upstream-failed', `The backup failed (${outcome}, ${code ?? 'killed'}): ${said.slice(0, 500)}`);
}
