/** Owns the way out: takes due rows of the outbox, hands each to its platform, and writes down what is known of every try. Messages of one chat go out in order; one that fails for good does not hold up the rest. */
import { DeliveryError } from '../core/conversations/channel-messages.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { within } from '../core/kernel/within.ts';
import { type OutboxRow, reasonOff } from '../core/store/outbox-table.ts';
import type { Store } from '../core/store/store.ts';
import type { Channel } from './channels/channel.ts';
import { recordTry, startTry, wasSentBefore } from './delivery-record.ts';
import type { Drafts } from './drafts.ts';
import { sendRow } from './send-row.ts';

export interface DeliveryDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** The running adapter of a platform; undefined while it is off. */
  readonly channel: (name: string) => Channel | undefined;
  /** Changes of messages that are still under way. */
  readonly drafts?: Pick<Drafts, 'settled'>;
  /** Hears to which state each try led. */
  readonly tried?: (channel: string, state: string) => void;
}

/** How often it is looked whether rows were written without a word, as other processes do, in milliseconds. */
const LOOK_MS = 1_000;
/** How long rows wait for a platform that is off, in milliseconds. */
const CHANNEL_OFF_MS = 5_000;

export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #stopped = new AbortController();
  #wake: () => void = () => {};
  #hasNews = false;
  #loop: Promise<void> | undefined;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Rows were added. */
  wake(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /** Sends what is due for at most `graceMs`, then begins no new try. What is left goes out at the next start. */
  async stop(graceMs: number): Promise<void> {
    const end = this.#deps.clock.elapsed() + graceMs;
    while (this.#loop !== undefined && this.#deps.clock.elapsed() < end && (await this.#hasWork())) {
      this.wake();
      await this.#deps.clock.sleep(20);
    }
    this.#stopped.abort(new Error('the server stops'));
    this.#wake();
    await this.#loop;
    const left = Math.max(0, end - this.#deps.clock.elapsed());
    await within(this.#deps.clock, left, Promise.all(this.#busy.values()));
  }

  async #hasWork(): Promise<boolean> {
    const now = this.#deps.clock.now();
    return this.#busy.size > 0 || (await this.#deps.store.outbox.heads()).some((row) => row.next_attempt_at <= now);
  }

  async #run(): Promise<void> {
    const { clock, store } = this.#deps;
    let mark = '';
    let next = Infinity;
    while (!this.#stopped.signal.aborted) {
      const now = clock.now();
      const written = store.writeMark();
      if (this.#hasNews || written !== mark || now >= next) {
        this.#hasNews = false;
        next = await this.#beginDue(now);
        mark = written;
      }
      if (!this.#hasNews) await this.#sleep(Math.min(LOOK_MS, next - now));
    }
  }

  /** When the first of the others is due; infinity when none waits. */
  async #beginDue(now: number): Promise<number> {
    let next = Infinity;
    for (const head of await this.#deps.store.outbox.heads()) {
      if (this.#busy.has(head.chat_id)) continue;
      if (head.next_attempt_at > now) next = Math.min(next, head.next_attempt_at);
      else this.#begin(head.chat_id);
    }
    return next;
  }

  #begin(chatId: string): void {
    const work = this.#sendAll(chatId)
      .catch((error: unknown) =>
        this.#deps.log.error({ chat: chatId, error: toError(error).message }, 'delivery failed'),
      )
      .finally(() => {
        this.#busy.delete(chatId);
        this.wake();
      });
    this.#busy.set(chatId, work);
  }

  /** Sends what is due in one chat, in order. */
  async #sendAll(chatId: string): Promise<void> {
    const { store, clock, channel } = this.#deps;
    while (!this.#stopped.signal.aborted) {
      const row = await store.outbox.head(chatId);
      const now = clock.now();
      if (row === undefined || row.next_attempt_at > now) return;
      const adapter = channel(row.channel);
      if (adapter === undefined) {
        await store.outbox.change(row.id, { next_attempt_at: now + CHANNEL_OFF_MS, reason: reasonOff(row.channel) });
        return;
      }
      await this.#try(row, adapter);
    }
  }

  async #try(row: OutboxRow, adapter: Channel): Promise<void> {
    const { store, clock, log } = this.#deps;
    const signal = AbortSignal.timeout(60_000);
    let isRepeat = wasSentBefore(row);
    const attempt = await startTry({ store, clock }, row, isRepeat);
    const fields = { outbox: row.id, chat: row.chat_id, turn: row.turn_id, attempt };
    try {
      if (row.edits !== null) await this.#deps.drafts?.settled(row.edits);
      const sent = await sendRow({ store, adapter, signal }, { ...row, attempts: attempt }, isRepeat);
      isRepeat = sent.isRepeat;
      const state = await recordTry({ store, clock }, row, attempt, { kind: 'sent', ...sent });
      this.#deps.tried?.(row.channel, state);
      log.info({ ...fields, state }, 'message sent');
    } catch (error) {
      const failure =
        error instanceof DeliveryError ? error : new DeliveryError('unknown', toError(error).message, { cause: error });
      const state = await recordTry({ store, clock }, row, attempt, { kind: 'failed', failure, isRepeat });
      this.#deps.tried?.(row.channel, state);
      log.warn({ ...fields, state, outcome: failure.kind, error: failure.message }, 'message not sent');
    }
  }

  async #sleep(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    if (!this.#hasNews && !this.#stopped.signal.aborted)
      await this.#deps.clock.sleep(Math.max(0, ms), woken.signal).catch(() => {});
    this.#wake = () => {};
  }
}
