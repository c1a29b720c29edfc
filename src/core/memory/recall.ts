/**
 * Owns which memories a turn is given, and the text that gives them. The text is stored with the user's message, so
 * that later requests repeat it byte for byte; a turn adds only what is new to its conversation.
 */
import type { Clock } from '../kernel/clock.ts';
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import type { MemoryRow } from '../store/memory-schema.ts';
import type { Store } from '../store/store.ts';
import { indexMemories } from './memory-index.ts';
import { holderOf } from './memory.ts';

export interface RecallQuestion {
  readonly conversationId: string;
  readonly userId: string;
  /** What the user says in this turn. */
  readonly text: string;
  /** The blocks that the model still sees of earlier turns, oldest first. */
  readonly shown: readonly string[];
}

export interface RecallDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Most tokens of a block, by estimate; 0: none. */
  readonly maxTokens: number;
}

export const MEMORY_BLOCK = '<memory>';
const HEAD = `${MEMORY_BLOCK}\n`;
const TAIL = '</memory>\n';
const FORGOTTEN = '(no longer known)';
/** Memories that are looked at: as many lines as the budget can hold at most. */
const MOST_TOP = 120;
const MOST_HITS = 12;
/** Part of the budget that a turn may add to what was shown before. */
const LATER_SHARE = 1 / 3;
/** Part of the budget of the first block for what matters always; the rest is for what the message is about. */
const ALWAYS_SHARE = 0.7;

/** The block for this turn; undefined when there is nothing to add. */
export async function recall(deps: RecallDeps, question: RecallQuestion): Promise<string | undefined> {
  const { store, clock, maxTokens } = deps;
  if (maxTokens === 0) return undefined;
  const holder = (await holderOf(store, question)).name;
  const now = clock.now();
  const shown = readLines(question.shown);
  await indexMemories(store);
  const hits = (): Promise<MemoryRow[]> => store.memories.search(holder, question.text, { now, limit: MOST_HITS });
  const lines = new Map<string, string>();
  const take = (rows: readonly MemoryRow[], tokens: number): number => fill(lines, rows, shown, tokens);
  if (shown.size === 0) {
    const top = await store.memories.top(holder, now, MOST_TOP);
    if (top.length === 0) return undefined;
    // What the message is about comes first, so that it is never left out for what matters always.
    const left = take(await hits(), maxTokens * (1 - ALWAYS_SHARE));
    take(top, maxTokens * ALWAYS_SHARE + left);
  } else {
    const current = await store.memories.named(holder, [...shown.keys()], now);
    for (const [name, text] of changes(shown, current)) lines.set(name, text);
    take(await hits(), maxTokens * LATER_SHARE);
  }
  if (lines.size === 0) return undefined;
  const sorted = [...lines].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return HEAD + sorted.map(([name, text]) => `- ${name}: ${text}\n`).join('') + TAIL;
}

/** Adds rows as long as they fit and say something new; returns the tokens that are left. */
function fill(
  lines: Map<string, string>,
  rows: readonly MemoryRow[],
  shown: ReadonlyMap<string, string>,
  tokens: number,
): number {
  let left = tokens;
  for (const row of rows) {
    const name = nameOf(row);
    const text = textOfMemory(row);
    const cost = estimateTokens(`- ${name}: ${text}\n`);
    if (lines.has(name) || shown.get(name) === text || cost > left) continue;
    left -= cost;
    lines.set(name, text);
  }
  return left;
}

/** What was shown and is no longer so. */
function* changes(
  shown: ReadonlyMap<string, string>,
  current: readonly MemoryRow[],
): Generator<readonly [name: string, text: string]> {
  const now = new Map(current.map((row) => [nameOf(row), textOfMemory(row)]));
  for (const [name, text] of shown) {
    const fresh = now.get(name) ?? FORGOTTEN;
    if (fresh !== text) yield [name, fresh];
  }
}

const nameOf = ({ category, key }: Pick<MemoryRow, 'category' | 'key'>): string => `${category}/${key}`;

/** One line that cannot end the block or open another. */
function textOfMemory({ value, expires_at }: MemoryRow): string {
  const line = value
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<(?=\/?\s*(?:memory|context|outside-content|internal))/gi, '&lt;');
  return expires_at === null ? line : `${line} (until ${new Date(expires_at).toISOString().slice(0, 16)}Z)`;
}

/** The newest line of each memory in the blocks. */
function readLines(blocks: readonly string[]): Map<string, string> {
  const lines = new Map<string, string>();
  for (const block of blocks) {
    for (const [, name = '', text = ''] of block.matchAll(/^- ([^:\n]+): (.*)$/gm)) lines.set(name, text);
  }
  return lines;
}
