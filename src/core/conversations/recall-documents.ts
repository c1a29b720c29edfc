/** Owns how passages of documents reach a turn: as a part of its first message, written before the first request, so that every later request repeats it byte for byte. In rooms nothing of a person's documents is told unasked. */
import type { Part } from '../kernel/messages.ts';
import { KNOWLEDGE_BLOCK } from '../knowledge/recall-knowledge.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import type { Store } from '../store/store.ts';
import type { Claim } from './claim-turn.ts';

export type RecallDocuments = (userId: string, said: string) => Promise<string | undefined>;

/** Adds the passages that are clearly about what was said, unless the model has seen the message already. `read` is the messages of the turn, where somebody has read them. */
export async function recallDocuments(
  { store, recall }: { readonly store: Store; readonly recall: RecallDocuments },
  claim: Claim,
  read?: readonly MessageRow[],
): Promise<void> {
  const { conversationId, userId, startSeq, turnId } = claim;
  if (claim.resumed && (await store.journal.modelCalls(turnId)).length > 0) return;
  if ((await store.rooms.folderOfConversation(conversationId)) !== undefined) return;
  const said = read ?? (await store.conversations.messages(conversationId, startSeq));
  const first = said.find(({ seq }) => seq === startSeq);
  if (first === undefined) return;
  const parts = JSON.parse(first.parts) as Part[];
  const texts = parts.filter((part) => part.type === 'text');
  if (texts.some(({ text }) => text.startsWith(KNOWLEDGE_BLOCK))) return;
  const words = texts.filter(({ provenance }) => provenance === 'user' || provenance === 'owner');
  const block = await recall(userId, words.map(({ text }) => text).join(' '));
  if (block === undefined) return;
  const at = parts.findIndex((part) => part.type !== 'text' || part.provenance !== 'claw');
  const remark: Part = { type: 'text', text: block, provenance: 'file' };
  const all = at === -1 ? [...parts, remark] : parts.toSpliced(at, 0, remark);
  await store.conversations.setParts(conversationId, startSeq, JSON.stringify(all));
}
