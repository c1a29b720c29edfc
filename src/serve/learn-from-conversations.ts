/** Owns learning while the server runs: conversations that have gone quiet end, and what waits to be looked at is looked at. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

const INTERVAL_MS = 15_000;

/** Looks again and again until `signal` aborts. */
export async function learnFromConversations(
  app: Pick<App, 'clock' | 'settings' | 'learning'>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await app.clock.sleep(INTERVAL_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      const learning = await app.learning();
      await learning.endQuiet();
      for (const { id, conversation_id: conversation, state, reason, learned } of await learning.run(signal))
        log.info({ pass: id, conversation, state, learned, ...(reason === null ? {} : { reason }) }, 'learned');
    } catch (error) {
      log.error({ error: toError(error).message }, 'nothing could be learned');
    }
  }
}
