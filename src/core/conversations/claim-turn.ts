/** Owns the lane of a conversation: claims the right to run its next turn, over all processes, in one transaction. A turn whose process died is taken over and goes on; new messages join it. */
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import type { InboundRow, TurnRow } from '../store/journal-tables.ts';
import type { Store, Tables } from '../store/store.ts';

export interface Claim {
  readonly conversationId: string;
  readonly userId: string;
  readonly turnId: string;
  /** `seq` of the turn's first user message. */
  readonly startSeq: number;
  readonly resumed: boolean;
}

interface ClaimRequest {
  readonly conversationId: string;
  readonly userId: string;
  /** The stored message to run; what a dead process left waiting is taken with it. */
  readonly inboundId: string | undefined;
  /** Messages that were meant for a turn of this process and came too late for it. */
  readonly joinable: ReadonlySet<string>;
  readonly modelRef: string;
}

/** Claims the next turn; undefined while another process runs one, or when nothing waits. */
export async function claimTurn(
  deps: { store: Store; clock: Clock },
  request: ClaimRequest,
): Promise<Claim | undefined> {
  const now = deps.clock.now();
  const runner = currentProcess();
  return deps.store.transaction(async (tables) => {
    const open = await tables.journal.runningTurn(request.conversationId);
    if (open !== undefined && (open.runner === runner || isProcessAlive(open.runner))) return undefined;
    const waiting = (await tables.journal.queuedInbound(request.conversationId)).filter(
      (row) => row.id === request.inboundId || request.joinable.has(row.id) || !isProcessAlive(row.runner),
    );
    if (waiting.length === 0) return undefined;
    const turnId = open?.id ?? newId(now);
    if (open === undefined) await tables.journal.insertTurn(newTurn(request, turnId, runner, now));
    else await tables.journal.updateTurn(open.id, { runner, model: request.modelRef });
    // In a turn that is taken over, waiting messages join after its open tool calls are answered.
    const firstSeq =
      open === undefined ? await appendWaiting(tables, waiting, turnId, now) : await startOf(tables, open);
    return {
      conversationId: request.conversationId,
      userId: request.userId,
      turnId,
      startSeq: firstSeq,
      resumed: open !== undefined,
    };
  });
}

function newTurn(request: ClaimRequest, id: string, runner: string, now: number): TurnRow {
  return {
    id,
    conversation_id: request.conversationId,
    user_id: request.userId,
    model: request.modelRef,
    state: 'running',
    stop_reason: null,
    error: null,
    runner,
    started_at: now,
    ended_at: null,
  };
}

async function appendWaiting(
  tables: Tables,
  waiting: readonly InboundRow[],
  turnId: string,
  now: number,
): Promise<number> {
  let first = 0;
  for (const row of waiting) {
    const seq = await tables.conversations.append({
      conversation_id: row.conversation_id,
      turn_id: turnId,
      role: 'user',
      parts: row.parts,
      state: 'complete',
      created_at: now,
    });
    await tables.journal.settleInbound(row.id, 'started', turnId, now);
    first ||= seq;
  }
  return first;
}

async function startOf(tables: Tables, turn: TurnRow): Promise<number> {
  const rows = await tables.conversations.messages(turn.conversation_id);
  return rows.find((row) => row.turn_id === turn.id)?.seq ?? rows.at(-1)?.seq ?? 1;
}
