/** Owns the last line of a server that ends by a bug: in the log of the home too, where people look. The process ends as it would. */
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

/** Writes what ends this process into `log`, which has been written to before: its first line comes later than such an end. */
export function logCrashes(log: Log): void {
  process.on('uncaughtExceptionMonitor', (error: unknown, origin) => {
    log.error({ origin, error: toError(error).stack ?? String(error) }, 'the server ends by a bug');
  });
}
