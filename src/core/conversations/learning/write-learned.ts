/** Owns what of the learned becomes memory: nothing that is known already, that its person removed since, or that hides a secret. */
import { MASK } from '../../secrets/mask.ts';
import { memoryKey, type MemoryHolder } from '../../memory/memory.ts';
import type { MemoryService } from '../../memory/memory-service.ts';
import type { LearningPassRow } from '../../store/learning-schema.ts';
import type { MemoryRow } from '../../store/memory-schema.ts';
import type { Tables } from '../../store/store.ts';
import type { LearnedFrom } from './ask-what-to-learn.ts';

/** Memories that one pass may write. */
const MOST_LEARNED = 10;
/** Characters of the quote that tells why a memory is there. */
const MOST_QUOTED = 200;

/** Writes them within the transaction that ends the pass. Of two with one name the later holds. */
export async function writeLearned(
  tables: Tables,
  memory: Pick<MemoryService, 'addWithin'>,
  {
    holder,
    pass,
    learned,
  }: {
    readonly holder: MemoryHolder;
    readonly pass: LearningPassRow;
    readonly learned: readonly LearnedFrom[];
  },
): Promise<MemoryRow[]> {
  const written: MemoryRow[] = [];
  for (const each of newest(learned)) {
    const { category, quote, said, importance } = each;
    const key = keyOf(each);
    const value = isPersonal(each) ? `${said.sender}: ${each.value}` : each.value;
    if (key === undefined || `${key} ${value}`.includes(MASK)) continue;
    const found = await tables.memories.byKey({ holder: holder.name, category, key });
    const isKnown = found?.state === 'active' && (found.value === value || found.updated_at > said.at);
    const isRemoved = found?.state === 'archived' && found.reason === 'removed' && (found.archived_at ?? 0) >= said.at;
    if (isKnown || isRemoved) continue;
    const quoted = [...quote.replaceAll(/\s+/g, ' ')].slice(0, MOST_QUOTED).join('');
    const by = said.sender === undefined ? '' : ` by ${said.sender}`;
    const { memory: row } = await memory.addWithin(
      tables,
      holder,
      { category, key, value, ...(importance === undefined ? {} : { importance }) },
      {
        origin: 'learned',
        why: `learned after conversation ${pass.conversation_id} from message ${said.seq}${by}: "${quoted}"`,
        conversationId: pass.conversation_id,
        messageSeq: said.seq,
      },
    );
    written.push(row);
    if (written.length === MOST_LEARNED) break;
  }
  return written;
}

/** The last of each name, in the order in which they were said. */
function newest(learned: readonly LearnedFrom[]): LearnedFrom[] {
  const byName = new Map<string, LearnedFrom>();
  for (const each of learned.toSorted((a, b) => a.said.seq - b.said.seq)) {
    const name = `${each.category}/${keyOf(each)}`;
    byName.delete(name);
    byName.set(name, each);
  }
  return [...byName.values()];
}

/** In a room what people say of themselves bears their name. */
function isPersonal({ category, said }: LearnedFrom): boolean {
  return said.sender !== undefined && category !== 'facts' && category !== 'notes';
}

/** The name in its one written form; undefined for one without letters. */
function keyOf(each: LearnedFrom): string | undefined {
  try {
    return memoryKey(isPersonal(each) ? `${each.said.sender} ${each.key}` : each.key);
  } catch {
    return undefined;
  }
}
