/** Owns the sending of queued webhook calls while the server runs. It looks for what is due; events themselves never wait for it. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

/** How often it is looked whether an event was queued, in milliseconds. */
const LOOK_MS = 500;

/** Runs until `signal` aborts. The service is built anew each time something is due, so that changed settings hold. */
export async function runWebhooks(app: App, log: Log, signal: AbortSignal): Promise<void> {
  const { clock } = app;
  const { webhooks: table, writeMark } = await app.store();
  let known: { readonly mark: string; readonly at: number | null } | undefined;
  while (!signal.aborted) {
    try {
      const mark = writeMark();
      if (known?.mark !== mark) known = { mark, at: await table.nextAttempt() };
      const isDue = known.at !== null && known.at <= clock.now();
      if (isDue) await (await app.webhooks()).deliverDue(signal);
      if (isDue) continue;
    } catch (error) {
      log.error({ error: toError(error).message }, 'webhooks could not be delivered');
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}
