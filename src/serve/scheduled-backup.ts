/** Owns the backups that a running server makes: in a process of their own, so that nobody waits for them. */
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { runAside, saidBy } from './run-aside.ts';

const HOUR_MS = 60 * 60_000;
/** How long a backup and the command after it may take. */
const LONGEST_MS = 12 * HOUR_MS;

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
  const run = await runAside(app, ['backup', 'create', ...args], {
    timeoutMs: LONGEST_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const { outcome, code, stdout } = run;
  if (outcome === 'exited' && code === 0) return JSON.parse(stdout.toString('utf8')) as { file: string };
  throw new ClawError('upstream-failed', `The backup failed (${outcome}, ${code ?? 'killed'}): ${saidBy(run)}`);
}
