/** Owns the renewal of log-ins while the server runs: it sleeps until the next one is due. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

/** Commands log in while the server runs: so often it looks for that, in ms. */
const LOOK_MS = 30_000;
const MIN_SLEEP_MS = 1000;

type Needs = Pick<App, 'clock' | 'accounts' | 'store'>;

/** Runs until `signal` aborts. What is due is renewed at its instant; a failure waits as its row says. */
export async function renewAccounts(app: Needs, log: Log, signal: AbortSignal): Promise<void> {
  const { clock } = app;
  while (!signal.aborted) {
    const sleepMs = await renewDue(app).catch((error: unknown) => {
      log.error({ error: toError(error).message }, 'log-ins could not be renewed');
      return LOOK_MS;
    });
    await clock.sleep(sleepMs, signal).catch(() => {});
  }
}

/** Milliseconds until there is something to do or look at. */
async function renewDue({ clock, accounts, store }: Needs): Promise<number> {
  const { service, refresher } = await accounts();
  // Tokens that people put into the .env are taken over with it.
  await service.list();
  let next = await (await store()).accounts.nextRefresh();
  if (next !== undefined && next <= clock.now()) next = await refresher.refreshDue();
  return next === undefined ? LOOK_MS : Math.min(LOOK_MS, Math.max(MIN_SLEEP_MS, next - clock.now()));
}
