/** Owns the sending of queued webhook calls while the server runs. Every second it looks for what is due; events themselves never wait for it. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

const LOOK_MS = 500;

/** Runs until `signal` aborts. The service is built anew each time something is due, so that changed settings hold. */
export async function runWebhooks(app: App, log: Log, signal: AbortSignal): Promise<void> {
  const { clock } = app;
  const { webhooks: table } = await app.store();
  while (!signal.aborted) {
    try {
      const isDue = (await table.due(clock.now(), 1)).length > 0;
      if (isDue) await (await app.webhooks()).deliverDue(signal);
      if (isDue) continue;
    } catch (error) {
      log.error({ error: toError(error).message }, 'webhooks could not be delivered');
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}
