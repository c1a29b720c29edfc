/** Owns the row that says: this conversation has ended, look at what was said since the last time. */
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { LearningPassRow } from '../../store/learning-schema.ts';
import type { Store } from '../../store/store.ts';
import { COMPLETION_ORIGIN } from '../completion.ts';

/** Writes down that a conversation has ended and is to be looked at; undefined when nobody said anything since the last time. */
export async function endConversation(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  conversationId: string,
): Promise<LearningPassRow | undefined> {
  const now = clock.now();
  return store.transaction(async ({ conversations, learning }) => {
    const conversation = await learning.conversation(conversationId);
    if (conversation === undefined || conversation.origin === COMPLETION_ORIGIN) return undefined;
    const after = (await learning.upTo(conversationId)) || (conversation.parent_seq ?? 0);
    const last = await conversations.lastSeq(conversationId);
    const said = await learning.said(conversationId, after, last);
    const upTo = said.at(-1)?.seq;
    if (upTo === undefined) return undefined;
    const row: LearningPassRow = {
      id: newId(now),
      conversation_id: conversationId,
      user_id: conversation.owner_id,
      from_seq: after + 1,
      up_to_seq: upTo,
      state: 'pending',
      reason: null,
      model: null,
      learned: 0,
      attempts: 0,
      runner: null,
      created_at: now,
      ended_at: null,
    };
    await learning.insert(row);
    return row;
  });
}
