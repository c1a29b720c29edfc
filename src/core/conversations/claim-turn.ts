/** Owns the lane of a conversation: claims the right to run its next turn, over all processes, in one transaction. A turn whose process died is taken over and goes on; new messages join it. */
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { TurnRow } from '../store/journal-tables.ts';
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
  /** Whether a waiting message is to be run with this turn. */
  readonly mayTake: (row: InboundRow) => boolean;
  readonly modelRef: string;
  /** Go on with a turn whose process died even if nothing new waits. */
  readonly takesOver?: boolean;
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
    const waiting = (await tables.inbound.waiting(request.conversationId, ['queued', 'context'])).filter(
      request.mayTake,
    );
    // Context rides along; it starts nothing.
    if (open === undefined && !waiting.some((row) => row.state === 'queued')) return undefined;
    if (open !== undefined && waiting.length === 0 && !request.takesOver) return undefined;
    const turnId = open?.id ?? newId(now);
    if (open === undefined) await tables.journal.insertTurn(newTurn(request, turnId, runner, now));
    else await tables.journal.updateTurn(open.id, { runner, model: request.modelRef });
    // In a turn that is taken over, waiting messages join after its open tool calls are answered.
    const firstSeq =
      open === undefined
        ? await appendWaiting(tables, request.conversationId, waiting, { turnId, now })
        : await startOf(tables, open);
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
    attempts: 1,
    retry_at: null,
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
  conversationId: string,
  waiting: readonly InboundRow[],
  { turnId, now }: { turnId: string; now: number },
): Promise<number> {
  let first = 0;
  for (const row of waiting) {
    const seq = await tables.conversations.append({
      conversation_id: conversationId,
      turn_id: turnId,
      role: 'user',
      parts: row.parts,
      state: 'complete',
      created_at: now,
    });
    await tables.inbound.settle(row.id, 'started', turnId, now);
    first ||= seq;
  }
  return first;
}

async function startOf(tables: Tables, turn: TurnRow): Promise<number> {
  const rows = await tables.conversations.messages(turn.conversation_id, 1, undefined, 0);
  return rows.find((row) => row.turn_id === turn.id)?.seq ?? rows.at(-1)?.seq ?? 1;
}

/** Claims a failed turn that is to be tried again; undefined while another turn of its conversation runs. */
export async function reclaimTurn(deps: { store: Store; clock: Clock }, turnId: string): Promise<Claim | undefined> {
  return deps.store.transaction(async (tables) => {
    const turn = await tables.journal.turn(turnId);
    if (turn === undefined || turn.retry_at === null) return undefined;
    if ((await tables.journal.runningTurn(turn.conversation_id)) !== undefined) return undefined;
    await tables.journal.updateTurn(turnId, {
      state: 'running',
      runner: currentProcess(),
      attempts: turn.attempts + 1,
      retry_at: null,
      stop_reason: null,
      error: null,
      ended_at: null,
    });
    const { conversation_id: conversationId, user_id: userId } = turn;
    return { conversationId, userId, turnId, startSeq: await startOf(tables, turn), resumed: true };
  });
}
