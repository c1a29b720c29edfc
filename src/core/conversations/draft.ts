/** Owns an answer that is shown while it is written: one message, sent like any other and then edited; the whole answer takes its place at the end. Nothing but that message is ever shown twice. */
import type { Claim } from './claim-turn.ts';
import { type Destination, queueOutgoing } from './outgoing.ts';
import type { ChatDeps } from './prepare-turn.ts';

interface DraftDeps {
  readonly chat: Pick<ChatDeps, 'store' | 'clock'>;
  readonly observer: { onOutbox(): void; onDraft?(outboxId: string, text: string): void };
}

/** How often the message changes, in milliseconds; platforms limit edits to about one a second. */
const EVERY_MS = 1_500;
/** Characters that make a beginning worth showing, and how many of a long answer are shown. */
const LEAST_CHARS = 20;
const MOST_CHARS = 1_500;
const GOES_ON = ' …';

export class Draft {
  readonly #deps: DraftDeps;
  readonly #to: Destination;
  readonly #claim: Claim;
  #text = '';
  #row: string | undefined;
  #shownAt: number;

  constructor(deps: DraftDeps, to: Destination, claim: Claim) {
    this.#deps = deps;
    this.#to = to;
    this.#claim = claim;
    this.#shownAt = deps.chat.clock.elapsed();
  }

  /** Takes what was said next, and shows it when it is time. */
  async add(words: string): Promise<void> {
    const { chat, observer } = this.#deps;
    if (observer.onDraft === undefined) return;
    this.#text += words;
    const now = chat.clock.elapsed();
    if (now - this.#shownAt < EVERY_MS || this.#text.trim().length < LEAST_CHARS) return;
    this.#shownAt = now;
    const text = this.#text.slice(0, MOST_CHARS).trimEnd() + GOES_ON;
    if (this.#row === undefined) await this.#begin(text);
    else observer.onDraft(this.#row, text);
  }

  /** A turn that goes on after a crash has its message already. */
  async #begin(text: string): Promise<void> {
    const { chat, observer } = this.#deps;
    const { turnId, conversationId } = this.#claim;
    const found = await chat.store.outbox.draftOf(turnId);
    const own = { kind: 'draft', text, turnId, conversationId } as const;
    const [queued] =
      found === undefined ? await queueOutgoing(chat.store, this.#to, own, chat.clock.now()) : [found.id];
    this.#row = queued;
    observer.onOutbox();
  }
}
