/** Owns how what was said before a compaction comes back when a message is about it: as a remark in the turn's first message, written before the first request, so that every later request repeats it byte for byte. */
import type { Earlier } from '../agent/compact.ts';
import { saidIn } from '../agent/said-text.ts';
import type { Part } from '../kernel/messages.ts';
import type { MessageHitRow } from '../store/search-schema.ts';
import type { Store } from '../store/store.ts';
import type { Claim } from './claim-turn.ts';
import { indexMessages } from './message-index.ts';

const EARLIER_BLOCK = '<said-earlier>';
const MOST_MESSAGES = 4;
const LONGEST = 400;
/** Batches of waiting messages that a turn indexes at most. */
const MOST_BATCHES = 3;

/** Adds the messages that what was said is about, as far as the state does not hold them, unless the model has seen the message already. */
export async function recallEarlier(store: Store, claim: Claim, earlier: Earlier): Promise<void> {
  const { conversationId, startSeq, turnId } = claim;
  if (claim.resumed && (await store.journal.modelCalls(turnId)).length > 0) return;
  const [first] = await store.conversations.messages(conversationId, startSeq, 1);
  if (first === undefined || first.seq !== startSeq) return;
  const parts = JSON.parse(first.parts) as Part[];
  if (parts.some((part) => part.type === 'text' && part.text.startsWith(EARLIER_BLOCK))) return;
  const query = saidIn(parts).join(' ');
  const ownerId = await store.conversations.ownerOf(conversationId);
  if (ownerId === undefined) return;
  for (let batch = 0; batch < MOST_BATCHES && (await indexMessages(store)) > 0; batch += 1);
  const within = { conversationId, upToSeq: earlier.upToSeq };
  const rows = await store.search.messages(ownerId, { query, mode: 'any' }, { within, limit: MOST_MESSAGES * 3 });
  const lines = linesOf(rows, earlier.text);
  if (lines.length === 0) return;
  const text = `${EARLIER_BLOCK}\nFrom the beginning of this conversation, perhaps of use now:\n${lines.join('')}</said-earlier>\n`;
  const at = parts.findIndex((part) => part.type !== 'text' || part.provenance !== 'claw');
  const remark: Part = { type: 'text', text, provenance: 'claw' };
  const all = at === -1 ? [...parts, remark] : parts.toSpliced(at, 0, remark);
  await store.conversations.setParts(conversationId, startSeq, JSON.stringify(all));
}

/** The best hits that the state does not repeat, in the order in which they were said. */
function linesOf(rows: readonly MessageHitRow[], state: string): string[] {
  const kept = rows
    .map(({ seq, role, parts }) => ({ seq, role, text: oneLine(saidIn(JSON.parse(parts) as Part[]).join(' ')) }))
    .filter(({ text }) => text !== '' && !state.includes(text))
    .slice(0, MOST_MESSAGES)
    .toSorted((a, b) => a.seq - b.seq);
  return kept.map(({ role, text }) => `- ${role}: ${text}\n`);
}

/** One line that cannot end the block or open another. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const short = line.length <= LONGEST ? line : `${line.slice(0, LONGEST).toWellFormed()}…`;
  return short.replaceAll(/<(?=\/?\s*(?:said-earlier|earlier|memory|context|outside-content|internal))/gi, '&lt;');
}
