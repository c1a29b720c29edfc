/** Owns compaction: the older messages of a conversation are given to the model as a state. The messages stay where they are, so that it can be undone and searched. */
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import type { Part } from '../kernel/messages.ts';
import type { CompactionRow } from '../store/compactions-schema.ts';
import type { Store } from '../store/store.ts';
import { windowStart } from './assemble-request.ts';
import { COMPACT_STATE, compactState, type CompactState, EMPTY_STATE, stateText } from './compact-state.ts';

/** What precedes the messages of a request. */
export interface Earlier {
  readonly upToSeq: number;
  readonly text: string;
}

export interface CompactDeps {
  readonly store: Store;
  readonly clock: Clock;
}

export interface CompactRequest {
  readonly conversationId: string;
  /** The message that begins the running turn, or one after the last. */
  readonly before: number;
  /** Messages that stay as they are. */
  readonly keep: number;
  /** Most tokens of the state, by estimate, rules not counted. */
  readonly maxTokens: number;
  readonly origin: CompactionRow['origin'];
}

/** Tokens of a state when nothing says how much the model can take in. */
export const STATE_TOKENS = 8_000;

/** Compacts all but the last messages; undefined when there is nothing to compact. */
export async function compact(
  { store, clock }: CompactDeps,
  request: CompactRequest,
): Promise<CompactionRow | undefined> {
  const { conversationId, before, keep, maxTokens, origin } = request;
  return store.transaction(async ({ compactions, conversations }) => {
    const current = await compactions.current(conversationId);
    const base = current?.up_to_seq ?? 0;
    const rows = (await conversations.messages(conversationId, base + 1)).filter(({ seq }) => seq < before);
    // What stays begins with what a user said; of a turn that is longer than what stays, all of it.
    const first = rows.findIndex(({ role }, at) => role === 'user' && at >= rows.length - keep);
    const stays = first === -1 ? rows.findLastIndex(({ role }) => role === 'user') : first;
    const covered = keep === 0 ? rows : rows.slice(0, Math.max(0, stays));
    const last = covered.at(-1);
    if (last === undefined) return undefined;
    const said = covered.map(({ role, parts }) => ({ role, parts: JSON.parse(parts) as Part[] }));
    const row: CompactionRow = {
      id: newId(clock.now()),
      conversation_id: conversationId,
      up_to_seq: last.seq,
      state: JSON.stringify(compactState(readState(current), said, maxTokens)),
      origin,
      created_at: clock.now(),
      undone_at: null,
    };
    await compactions.insert(row);
    return row;
  });
}

/** Compacts when the conversation has outgrown the history limit, so that nothing falls out unsaid. After an undo it waits until it has outgrown it again. */
export async function compactWhenLong(
  deps: CompactDeps,
  { conversationId, startSeq, maxHistory }: { conversationId: string; startSeq: number; maxHistory: number },
): Promise<CompactionRow | undefined> {
  const base = (await deps.store.compactions.last(conversationId))?.up_to_seq ?? 0;
  if (startSeq - base <= maxHistory) return undefined;
  const keep = Math.max(1, Math.floor(maxHistory / 2));
  return compact(deps, { conversationId, before: startSeq, keep, maxTokens: STATE_TOKENS, origin: 'automatic' });
}

/** The state that precedes the messages; undefined when nothing is compacted. */
export async function earlierOf(store: Store, conversationId: string): Promise<Earlier | undefined> {
  const row = await store.compactions.current(conversationId);
  return row === undefined ? undefined : { upToSeq: row.up_to_seq, text: stateText(readState(row)) };
}

/** The first message that a request of the turn repeats. */
export function firstMessage(startSeq: number, maxHistory: number, earlier: Earlier | undefined): number {
  const base = earlier?.upToSeq ?? 0;
  return base + windowStart(startSeq - base, maxHistory);
}

function readState(row: CompactionRow | undefined): CompactState {
  return row === undefined ? EMPTY_STATE : COMPACT_STATE.parse(JSON.parse(row.state));
}
