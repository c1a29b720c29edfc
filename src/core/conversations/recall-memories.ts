/** Owns how memories reach a turn: as a remark in its first message, written before the first request, so that every later request repeats it byte for byte. */
import type { Part } from '../kernel/messages.ts';
import type { MessageRow } from '../store/conversations-table.ts';
import type { Store } from '../store/store.ts';
import { MEMORY_BLOCK, type RecallQuestion } from '../memory/recall.ts';
import type { Claim } from './claim-turn.ts';

export interface RecallMemories {
  readonly store: Store;
  /** Gives the block for a turn; undefined when there is nothing to add. */
  readonly recall: (question: RecallQuestion) => Promise<string | undefined>;
  /** The first message that the turn's requests repeat. */
  readonly from: number;
}

/** Adds the memories that the turn is to know to its first message, unless the model has seen that message already. Returns the messages of the turn as they stand then; undefined where nobody looked. */
export async function recallMemories(deps: RecallMemories, claim: Claim): Promise<readonly MessageRow[] | undefined> {
  const { store } = deps;
  const { conversationId, userId, startSeq } = claim;
  if (claim.resumed && (await store.journal.modelCalls(claim.turnId)).length > 0) return undefined;
  const said = await store.conversations.messages(conversationId, startSeq);
  const first = said.find(({ seq }) => seq === startSeq);
  if (first === undefined || memoryTexts(first).length > 0) return said;
  const remarks = await store.conversations.messagesWith(conversationId, MEMORY_BLOCK, deps.from);
  const text = said.map(wordsOf).join('\n');
  const block = await deps.recall({ conversationId, userId, text, shown: remarks.flatMap(memoryTexts) });
  if (block === undefined) return said;
  const parts = partsOf(first);
  const at = parts.findIndex((part) => part.type !== 'text' || part.provenance !== 'claw');
  const remark: Part = { type: 'text', text: block, provenance: 'claw' };
  const withMemories = JSON.stringify(at === -1 ? [...parts, remark] : parts.toSpliced(at, 0, remark));
  await store.conversations.setParts(conversationId, startSeq, withMemories);
  return said.map((row) => (row === first ? { ...row, parts: withMemories } : row));
}

const partsOf = (row: MessageRow): Part[] => JSON.parse(row.parts) as Part[];

/** What people said in it; not what files or claw add. */
function wordsOf(row: MessageRow): string {
  return partsOf(row)
    .map((part) =>
      part.type === 'text' && (part.provenance === 'user' || part.provenance === 'owner') ? part.text : '',
    )
    .join(' ');
}

/** Only what claw wrote: nobody makes the model's view of their memories look different by typing a block. */
function memoryTexts(row: MessageRow): string[] {
  return partsOf(row).flatMap((part) =>
    part.type === 'text' && part.provenance === 'claw' && part.text.startsWith(MEMORY_BLOCK) ? [part.text] : [],
  );
}
