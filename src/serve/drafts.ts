/** Owns the changes of messages whose answer is still being written: one at a time per message, and none that could land on top of the whole answer. */
import type { Store } from '../core/store/store.ts';
import type { Channel } from './channels/channel.ts';

/** A change that takes longer is given up, in milliseconds. */
const LIMIT_MS = 5_000;

export class Drafts {
  readonly #store: Store;
  readonly #channel: (name: string) => Channel | undefined;
  readonly #changing = new Map<string, Promise<void>>();

  constructor(store: Store, channel: (name: string) => Channel | undefined) {
    this.#store = store;
    this.#channel = channel;
  }

  /** Shows `text` in the message of that row of the outbox. What does not show is made good by the next change, or by the whole answer. */
  show(outboxId: string, text: string): void {
    if (this.#changing.has(outboxId)) return;
    const change = this.#change(outboxId, text)
      .catch(() => {})
      .finally(() => this.#changing.delete(outboxId));
    this.#changing.set(outboxId, change);
  }

  /** Resolves when no change of that message is under way. */
  async settled(outboxId: string): Promise<void> {
    await this.#changing.get(outboxId);
  }

  async #change(outboxId: string, text: string): Promise<void> {
    const row = await this.#store.outbox.byId(outboxId);
    if (row?.external_id == null || row.state !== 'delivered') return;
    await this.#channel(row.channel)?.edit?.(row.chat_id, row.external_id, text, AbortSignal.timeout(LIMIT_MS));
  }
}
