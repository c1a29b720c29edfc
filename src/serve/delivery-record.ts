/** Owns what the outbox says of a try: when it is made again, when it is given up, and what is not known. */
import type { DeliveryError } from '../core/conversations/channel-messages.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { currentProcess } from '../core/kernel/process-identity.ts';
import type { OutboxRow } from '../core/store/outbox-table.ts';
import type { OutboxState } from '../core/store/schema.ts';
import type { Store } from '../core/store/store.ts';

interface RecordDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** Waits between tries, in milliseconds; after the last one the message is given up. */
const RETRY_DELAYS_MS = [5_000, 10_000, 20_000, 40_000, 80_000] as const;
/** A platform that asks to wait is asked more often than one that fails. */
const MAX_LIMITED_TRIES = 50;

export type TryResult =
  | { readonly kind: 'sent'; readonly externalId: string; readonly isRepeat: boolean; readonly detail?: string }
  | { readonly kind: 'failed'; readonly failure: DeliveryError; readonly isRepeat: boolean };

/** Whether an earlier try of this message may have arrived: its answer never came, or its process died over it. */
export function wasSentBefore(row: OutboxRow): boolean {
  return row.state === 'sending' || row.is_repeat === 1;
}

/** Writes down that a try begins; returns its number. */
export async function startTry({ store, clock }: RecordDeps, row: OutboxRow, isRepeat: boolean): Promise<number> {
  const attempt = row.attempts + 1;
  const now = clock.now();
  await store.transaction(async ({ outbox }) => {
    if (row.state === 'sending')
      await outbox.closeAttempt(row.id, row.attempts, {
        outcome: 'unknown',
        detail: 'its process ended meanwhile',
        ended_at: now,
      });
    const runner = currentProcess();
    await outbox.change(row.id, { state: 'sending', attempts: attempt, is_repeat: isRepeat ? 1 : 0, runner });
    await outbox.openAttempt({ outbox_id: row.id, attempt, outcome: 'sending', started_at: now });
  });
  return attempt;
}

/** Writes down what a try came to; returns the state of the message after it. */
export async function recordTry(
  { store, clock }: RecordDeps,
  row: OutboxRow,
  attempt: number,
  result: TryResult,
): Promise<OutboxState> {
  const now = clock.now();
  const next = nextState(result, attempt, now);
  const outcome = result.kind === 'sent' ? 'delivered' : result.failure.kind;
  const detail = result.kind === 'sent' ? (result.detail ?? null) : result.failure.message;
  await store.transaction(async ({ outbox, journal, webhooks }) => {
    await outbox.closeAttempt(row.id, attempt, { outcome, detail, ended_at: now });
    await outbox.change(row.id, {
      ...next,
      runner: null,
      settled_at: next.state === 'pending' ? null : now,
      ...(result.kind === 'sent' ? { external_id: result.externalId } : {}),
    });
    const turn = next.state === 'failed' && row.turn_id !== null ? await journal.turn(row.turn_id) : undefined;
    if (turn === undefined) return;
    const data = { message_id: row.id, channel: row.channel, turn_id: turn.id, reason: next.reason };
    await webhooks.queue(turn.user_id, 'message.failed', data, now);
  });
  return next.state;
}

function nextState(
  result: TryResult,
  attempt: number,
  now: number,
): { state: OutboxState; reason: string | null; is_repeat: number; next_attempt_at?: number } {
  if (result.kind === 'sent') {
    return result.isRepeat
      ? { state: 'uncertain', reason: 'sent again: an earlier try may have arrived too', is_repeat: 1 }
      : { state: 'delivered', reason: null, is_repeat: 0 };
  }
  const { failure } = result;
  const reason = failure.message;
  const isRepeat = result.isRepeat || failure.kind === 'unknown';
  const is_repeat = isRepeat ? 1 : 0;
  if (failure.kind === 'rejected') return { state: isRepeat ? 'uncertain' : 'failed', reason, is_repeat };
  const tries = failure.retryAfterMs === undefined ? RETRY_DELAYS_MS.length + 1 : MAX_LIMITED_TRIES;
  if (attempt >= tries) {
    return isRepeat
      ? { state: 'uncertain', reason: `a try may have arrived; given up: ${reason}`, is_repeat }
      : { state: 'failed', reason: `given up after ${attempt} tries: ${reason}`, is_repeat };
  }
  const delay = RETRY_DELAYS_MS[Math.min(attempt, RETRY_DELAYS_MS.length) - 1] ?? 0;
  const wait = failure.retryAfterMs ?? delay;
  return { state: 'pending', reason, is_repeat, next_attempt_at: now + wait };
}
