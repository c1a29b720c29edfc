/** Owns the events of one turn that is told to clients: numbered from 1 without gaps, kept up to a bound, read by any number of readers at their own pace. */
import type { ChatService, SendRequest } from '../core/conversations/chat-service.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { TurnEnd, TurnEvent } from '../core/kernel/events.ts';

/** The number of an event within its stream, and the event. */
export interface NumberedEvent {
  readonly id: number;
  /** Turn it belongs to; undefined before the first began. */
  readonly turnId: string | undefined;
  readonly event: TurnEvent;
}

const MAX_EVENTS = 16_384;
const MAX_BYTES = 1024 * 1024;
/** What an event weighs besides its text, about. */
const EVENT_BYTES = 96;

export class TurnStream {
  readonly id: string;
  readonly userId: string;
  readonly chat: ChatService;
  /** Resolves at the first event; rejects with what stands against the turn. */
  readonly begun: Promise<void>;
  /** Turns that ran in it, in order: a message that came late starts another. */
  readonly turnIds: string[] = [];
  /** Undefined for a new conversation until its first turn starts. */
  conversationId: string | undefined;
  /** Milliseconds of the clock's `elapsed`; undefined while it runs. */
  endedAt: number | undefined;
  /** The last end of a turn in it. */
  answer: TurnEnd | undefined;
  /** Weight of the events that are kept. */
  bytes = 0;
  /** Let go when it begins: it may hold pictures. */
  #request: Omit<SendRequest, 'signal'> | undefined;
  readonly #begun = Promise.withResolvers<void>();
  readonly #abort = new AbortController();
  readonly #events: { readonly event: TurnEvent; readonly turnId: string | undefined; readonly bytes: number }[] = [];
  /** Number of the first event that is kept, minus one. */
  #dropped = 0;
  #failure: Error | undefined;
  #more = Promise.withResolvers<void>();

  constructor(id: string, request: Omit<SendRequest, 'signal'>, chat: ChatService) {
    this.id = id;
    this.userId = request.userId;
    this.conversationId = request.conversationId;
    this.chat = chat;
    this.#request = request;
    this.begun = this.#begun.promise;
    this.begun.catch(() => {});
  }

  /** The turn that runs, or ran last; undefined while its conversation is busy with another. */
  get turnId(): string | undefined {
    return this.turnIds.at(-1);
  }

  /** Number of the newest event; 0 when there is none. */
  get lastEventId(): number {
    return this.#dropped + this.#events.length;
  }

  /** Interrupts the turn; what was said is kept. */
  cancel(): void {
    this.#abort.abort(new Error('cancelled by the client'));
  }

  /** Whether everything after event `after` is still kept. */
  hasAllAfter(after: number): boolean {
    return after >= this.#dropped;
  }

  /** Lets go of all events; the answer stays. */
  forget(): void {
    this.#dropped += this.#events.length;
    this.#events.length = 0;
    this.bytes = 0;
  }

  /** The events after number `after`, those to come included, until the stream ends or `signal` aborts. Throws `not-found` when some of them are not kept any more, and what ended the stream without an answer. */
  async *read(after: number, signal?: AbortSignal): AsyncGenerator<NumberedEvent> {
    const wake = (): void => this.#wake();
    const isAborted = (): boolean => signal?.aborted === true;
    signal?.addEventListener('abort', wake, { once: true });
    try {
      for (let next = after + 1; ; next += 1) {
        while (next > this.lastEventId) {
          if (isAborted()) return;
          if (this.#failure !== undefined) throw this.#failure;
          if (this.endedAt !== undefined) return;
          await this.#more.promise;
        }
        if (isAborted()) return;
        const kept = this.#events[next - this.#dropped - 1];
        if (kept === undefined) throw eventsGone(next);
        yield { id: next, turnId: kept.turnId, event: kept.event };
      }
    } finally {
      signal?.removeEventListener('abort', wake);
    }
  }

  /** Runs the turn to its end, whoever reads; called once. Never rejects. */
  async run(clock: Clock): Promise<void> {
    const request = this.#request;
    this.#request = undefined;
    try {
      if (request === undefined) throw new Error('a turn runs once');
      for await (const event of this.chat.send({ ...request, signal: this.#abort.signal })) this.#add(event);
      this.#begun.reject(new ClawError('internal-error', 'The turn said nothing.'));
    } catch (error) {
      this.#failure = toError(error);
      this.#begun.reject(this.#failure);
    } finally {
      this.endedAt = clock.elapsed();
      this.#wake();
    }
  }

  #add(event: TurnEvent): void {
    if (event.type === 'turn-start') {
      this.conversationId = event.conversationId;
      this.turnIds.push(event.turnId);
    } else if (event.type === 'turn-end') this.answer = event;
    const bytes = EVENT_BYTES + weightOf(event);
    this.#events.push({ event, turnId: this.turnId, bytes });
    this.bytes += bytes;
    while (this.#events.length > MAX_EVENTS || (this.bytes > MAX_BYTES && this.#events.length > 1)) {
      this.bytes -= this.#events.shift()?.bytes ?? 0;
      this.#dropped += 1;
    }
    this.#begun.resolve();
    this.#wake();
  }

  #wake(): void {
    const { resolve } = this.#more;
    this.#more = Promise.withResolvers();
    resolve();
  }
}

function weightOf(event: TurnEvent): number {
  const isText = event.type === 'text-delta' || event.type === 'reasoning-delta';
  return 2 * (isText ? event.text.length : JSON.stringify(event).length);
}

function eventsGone(next: number): ClawError {
  return new ClawError('not-found', `The events from number ${next} on are not kept any more.`, {
    hint: 'Read the answer from the conversation.',
  });
}
