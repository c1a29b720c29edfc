/** Owns compaction on request, and taking it back. Everything is the owner's own, checked in the store. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { CompactionRow } from '../store/compactions-schema.ts';
import type { Store } from '../store/store.ts';
import { findConversation } from './open-conversation.ts';

export function createConversationCompaction(deps: { readonly store: Store; readonly clock: Clock }) {
  const { store } = deps;
  return {
    /** From the next turn on the model gets all messages so far but the last `keep` in short; undefined when there is nothing to compact. Throws `not-found`, `locked`. */
    async compact(ownerId: string, id: string, keep: number): Promise<CompactionRow | undefined> {
      const conversation = await findConversation(store, ownerId, id);
      if ((await store.journal.runningTurn(conversation.id)) !== undefined) {
        throw new ClawError('locked', phrase('turnRuns'), {
          hint: phrase('againWhenEnded'),
        });
      }
      // Who only reads conversations does not wait for what checks a summary.
      const { compact, STATE_TOKENS } = await import('../agent/compact.ts');
      const before = (await store.conversations.lastSeq(conversation.id)) + 1;
      const request = { conversationId: conversation.id, before, keep, maxTokens: STATE_TOKENS } as const;
      return compact(deps, { ...request, origin: 'asked' });
    },

    /** Takes the last compaction back: the model gets the messages themselves. Throws `not-found`. */
    async undoCompaction(ownerId: string, id: string): Promise<CompactionRow> {
      const conversation = await findConversation(store, ownerId, id);
      const current = await store.compactions.current(conversation.id);
      if (current === undefined) throw new ClawError('not-found', phrase('nothingCompacted'));
      await store.compactions.undo(current.id, deps.clock.now());
      return current;
    },
  };
}
