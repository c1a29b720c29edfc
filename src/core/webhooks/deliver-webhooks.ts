/** Owns the sending of what is queued for webhooks: three attempts a delivery, no redirect, a deadline; a webhook that failed too often in a row is switched off. */
import type { Clock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import type { Store } from '../store/store.ts';
import type { WebhookDeliveryRow, WebhookRow } from '../store/webhooks-table.ts';
import { signatureHeaders } from './sign-webhook.ts';

export interface DeliverDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The client behind the network guard. */
  readonly fetch: GuardedFetch;
  /** The secret of a webhook; undefined when it is gone. */
  readonly secretOf: (webhookId: string) => Promise<string | undefined>;
  /** Hears what came of each attempt: `delivered`, `retried` or `failed`. */
  readonly attempted?: (outcome: string) => void;
}

export interface Attempt {
  readonly isDelivered: boolean;
  readonly status: number | null;
  /** At most 4,096 bytes. */
  readonly response: string | null;
  readonly error: string | null;
}

const RETRY_DELAYS_MS = [1000, 2000] as const;
/** So many failed deliveries in a row switch a webhook off. */
const MAX_FAILURES = 4;
const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 4096;
const AT_ONCE = 8;

/** Makes one attempt at everything that is due, a few at a time; returns how many there were. */
export async function deliverDue(deps: DeliverDeps, signal: AbortSignal): Promise<number> {
  const due = await deps.store.webhooks.due(deps.clock.now(), AT_ONCE);
  await Promise.all(due.map((row) => deliver(deps, row, signal)));
  return due.length;
}

async function deliver(deps: DeliverDeps, row: WebhookDeliveryRow, signal: AbortSignal): Promise<void> {
  const hook = await deps.store.webhooks.find(row.webhook_id);
  if (hook === undefined) return;
  const attempt = await attemptDelivery(deps, hook, row, signal);
  // A server that stops has not failed: the attempt is made again at its next start.
  if (!signal.aborted) await settle(deps, hook, row, attempt);
}

/** One POST. Every failure is a result. */
export async function attemptDelivery(
  { fetch, clock, secretOf }: Omit<DeliverDeps, 'store'>,
  { id: webhookId, url }: Pick<WebhookRow, 'id' | 'url'>,
  { id, body }: Pick<WebhookDeliveryRow, 'id' | 'body'>,
  signal?: AbortSignal,
): Promise<Attempt> {
  let hops = 0;
  try {
    const secret = await secretOf(webhookId);
    if (secret === undefined) return failed(null, 'the secret of the webhook is gone; make a new webhook');
    const headers = { 'content-type': 'application/json', ...signatureHeaders(secret, id, body, clock.now()) };
    const response = await fetch({
      url,
      method: 'POST',
      headers: { 'user-agent': 'claw-webhook', ...headers },
      body,
      timeoutMs: TIMEOUT_MS,
      refuse: () => (hops++ > 0 ? 'it redirects, and redirects are not followed' : undefined),
      ...(signal === undefined ? {} : { signal }),
    });
    const isDelivered = response.status >= 200 && response.status < 300;
    const error = isDelivered ? null : `it answered ${response.status}`;
    return { isDelivered, status: response.status, response: cutBytes(response.body), error };
  } catch (error) {
    return failed(null, toError(error).message);
  }
}

const failed = (status: number | null, error: string): Attempt => ({
  isDelivered: false,
  status,
  response: null,
  error,
});

function cutBytes(body: Buffer): string {
  let text = body.subarray(0, MAX_RESPONSE_BYTES).toString('utf8');
  // A character that was cut in two became a longer one.
  while (Buffer.byteLength(text) > MAX_RESPONSE_BYTES) text = text.slice(0, -1);
  return text;
}

async function settle(
  { store, clock, attempted }: DeliverDeps,
  hook: WebhookRow,
  row: WebhookDeliveryRow,
  made: Attempt,
) {
  const now = clock.now();
  const attempts = row.attempts + 1;
  const delay = made.isDelivered ? undefined : RETRY_DELAYS_MS[attempts - 1];
  const { status, response, error } = made;
  const result = { attempts, status, response, error };
  attempted?.(made.isDelivered ? 'delivered' : delay === undefined ? 'failed' : 'retried');
  await store.transaction(async ({ webhooks, audit }) => {
    if (delay !== undefined) {
      await webhooks.changeDelivery(row.id, { ...result, next_attempt_at: now + delay });
      return;
    }
    const state = made.isDelivered ? 'delivered' : 'failed';
    await webhooks.changeDelivery(row.id, { ...result, state, settled_at: now });
    const current = await webhooks.find(hook.id);
    if (current === undefined) return;
    const failures = made.isDelivered ? 0 : current.failures + 1;
    const isOff = failures >= MAX_FAILURES && current.state === 'active';
    const reason = `${failures} deliveries in a row failed; the last: ${error ?? ''}`;
    await webhooks.change(hook.id, {
      failures,
      updated_at: now,
      ...(isOff ? { state: 'disabled' as const, reason } : {}),
    });
    if (!isOff) return;
    await webhooks.giveUp(hook.id, 'the webhook was switched off', now);
    await audit.append({ at: now, by: {}, action: 'webhook.disable', target: hook.id, detail: { reason } });
  });
}
