/** Owns compaction: the older messages of a conversation are given to the model as a state. The messages stay where they are, so that it can be undone and searched. */
import type { Clock } from '../kernel/clock.ts';
import type { Notice } from '../kernel/events.ts';
import { newId } from '../kernel/ids.ts';
import type { Part } from '../kernel/messages.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { CompactionRow } from '../store/compactions-schema.ts';
import type { Store } from '../store/store.ts';
import {
  COMPACT_STATE,
  compactState,
  type CompactState,
  EMPTY_STATE,
  stateText,
  withinTokens,
} from './compact-state.ts';

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
/** Part of what a model takes in that a state may be. */
const STATE_SHARE = 0.15;

/** Compacts all but the last messages; undefined when there is nothing to compact. */
export async function compact(
  { store, clock }: CompactDeps,
  request: CompactRequest,
): Promise<CompactionRow | undefined> {
  const { conversationId, before, keep, maxTokens, origin } = request;
  return store.transaction(async ({ compactions, conversations }) => {
    const current = await compactions.current(conversationId);
    const base = current?.up_to_seq ?? 0;
    const rows = (await conversations.messages(conversationId, base + 1, undefined, 0)).filter(
      ({ seq }) => seq < before,
    );
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

/** What a turn has before its messages, and whether that is new. */
export interface Grown {
  readonly earlier: Earlier | undefined;
  /** Said when messages were compacted just now. */
  readonly notice?: Notice;
}

/** Compacts when the conversation has outgrown the history limit, so that nothing falls out unsaid. After an undo it waits until it has outgrown it again. */
export async function compactWhenLong(
  deps: CompactDeps,
  request: { readonly conversationId: string; readonly startSeq: number; readonly maxHistory: number } & {
    readonly contextTokens: number;
  },
): Promise<Grown> {
  const { conversationId, startSeq, maxHistory } = request;
  const maxTokens = stateTokens(request.contextTokens);
  const last = await deps.store.compactions.last(conversationId);
  if (startSeq - (last?.up_to_seq ?? 0) > maxHistory) {
    const keep = Math.max(1, Math.floor(maxHistory / 2));
    const made = await compact(deps, { conversationId, before: startSeq, keep, maxTokens, origin: 'automatic' });
    if (made !== undefined) return { earlier: earlierOf(made, maxTokens), notice: compactionNotice(made) };
  }
  const isUndone = last !== undefined && last.undone_at !== null;
  const current = isUndone ? await deps.store.compactions.current(conversationId) : last;
  return { earlier: current === undefined ? undefined : earlierOf(current, maxTokens) };
}

/** What precedes the messages after `row`, at most `maxTokens` beside its rules. */
export function earlierOf(row: CompactionRow, maxTokens: number): Earlier {
  return { upToSeq: row.up_to_seq, text: stateText(withinTokens(readState(row), maxTokens)) };
}

/** Tokens that a state may have before a model that takes `contextTokens`. */
export function stateTokens(contextTokens: number): number {
  return Math.min(STATE_TOKENS, Math.floor(contextTokens * STATE_SHARE));
}

export function compactionNotice({ conversation_id: id, up_to_seq: upToSeq }: CompactionRow): Notice {
  return noticeOf('info', 'compacted', phrase('compacted', upToSeq, id));
}

function readState(row: CompactionRow | undefined): CompactState {
  return row === undefined ? EMPTY_STATE : COMPACT_STATE.parse(JSON.parse(row.state));
}
