/** Owns what is written down while a turn runs. Every step is committed before the next begins, so that a killed turn goes on from its last finished step. */
import { newId } from '../kernel/ids.ts';
import { NO_USAGE, type Part, type ToolCallPart, type ToolResultPart, type Usage } from '../kernel/messages.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { ModelRequest } from '../llm/language-model.ts';
import type { PlannedCall, Reserved } from '../spending/budgets.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { ToolCallRow } from '../store/journal-tables.ts';
import type { ModelCallState } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';
import { requestBound, toolsRead } from './request-bound.ts';
import type { CallTurn, Turn, TurnClose, TurnDeps } from './turn.ts';

type JournalDeps = Pick<TurnDeps, 'store' | 'clock' | 'text'>;

/** Reserves what the call may need and writes that it has begun. Returns its id and the longest answer that budgets leave. Throws `limit-reached`. */
export async function openModelCall(
  deps: JournalDeps,
  turn: CallTurn,
  request: ModelRequest,
): Promise<{ id: string; maxOutputTokens: number }> {
  const id = newId(deps.clock.now());
  const { budgets } = turn;
  if (budgets === undefined) {
    await insertModelCall(deps, deps.store, turn, { id, tools: toolsFor(turn, request), reserved: undefined });
    return { id, maxOutputTokens: request.maxOutputTokens };
  }
  const call = plannedCall(turn, request, id);
  const write = (tables: Tables, reserved: Reserved): Promise<void> =>
    insertModelCall(deps, tables, turn, { id, tools: call.owner.tools, reserved });
  const { maxOutputTokens } = await budgets.reserve(call, write, request.signal);
  return { id, maxOutputTokens };
}

function plannedCall(turn: CallTurn, request: ModelRequest, id: string): PlannedCall {
  const { userId, conversationId, taskId = null, worstCost, ceiling, runBudgetMicroUsd: amount } = turn;
  const inputTokens = requestBound(request);
  return {
    id,
    owner: { userId, conversationId, taskId, tools: toolsFor(turn, request) },
    ...(amount === undefined ? {} : { run: { turnId: turn.id, amount } }),
    maxOutputTokens: request.maxOutputTokens,
    atMost: (outputTokens) => ({
      microUsd: (worstCost ?? ceiling)({ ...NO_USAGE, inputTokens, outputTokens }),
      tokens: inputTokens + outputTokens,
    }),
  };
}

function toolsFor({ forTool }: CallTurn, request: ModelRequest): string[] {
  return forTool === undefined ? toolsRead(request) : [forTool];
}

interface NewCall {
  readonly id: string;
  readonly tools: readonly string[];
  /** Undefined: no budget counts it. */
  readonly reserved: Reserved | undefined;
}

async function insertModelCall(
  deps: JournalDeps,
  { journal }: Pick<Tables, 'journal'>,
  turn: CallTurn,
  { id, tools, reserved }: NewCall,
): Promise<void> {
  await journal.insertModelCall({
    id,
    turn_id: turn.id,
    conversation_id: turn.conversationId,
    user_id: turn.userId,
    model: turn.modelRef,
    state: 'started',
    stop_reason: null,
    ...usageColumns(NO_USAGE),
    cost_micro_usd: null,
    is_estimated: 0,
    error: null,
    started_at: deps.clock.now(),
    ended_at: null,
    task_id: turn.taskId ?? null,
    tools: tools.join(' '),
    charged_micro_usd: reserved?.use.microUsd ?? 0,
    charged_tokens: reserved?.use.tokens ?? 0,
    is_metered: reserved === undefined ? 0 : 1,
  });
}

export interface ModelCallEnd {
  readonly id: string;
  readonly state: ModelCallState;
  readonly stopReason: string | null;
  readonly usage: Usage;
  readonly isEstimated: boolean;
  readonly error?: string;
  /** Tries before the last one that nobody billed. */
  readonly tries?: readonly { readonly model: string; readonly failure: string }[];
  /** The assistant message, when there is one; `partial` when it was cut off. */
  readonly parts: readonly Part[];
  readonly messageState: 'complete' | 'partial';
  /** What else is written in the same transaction. */
  readonly also?: (tables: Tables, id: string) => Promise<void>;
}

/** The model that is asked now, or was asked last. */
export function askedModel({ asked, modelRef }: Pick<Turn, 'asked' | 'modelRef'>): string {
  return asked?.() ?? modelRef;
}

/** Writes the end of a model call, its message and the tool calls it asks for, and settles what it had reserved, in one transaction. `told`: what there is to say about budgets. */
export async function closeModelCall(
  deps: JournalDeps,
  turn: CallTurn,
  end: ModelCallEnd,
): Promise<{ toolCalls: ToolCallRow[]; told: Phrase[] }> {
  try {
    const { call, ...written } = await writeModelCallEnd(deps, turn, end);
    turn.onModelCall?.(call);
    return written;
  } finally {
    turn.budgets?.settled();
  }
}

async function writeModelCallEnd(deps: JournalDeps, turn: CallTurn, end: ModelCallEnd) {
  const cost = turn.price(end.usage);
  const tokens = end.usage.inputTokens + end.usage.outputTokens;
  const use = { microUsd: cost ?? turn.ceiling(end.usage), tokens };
  const { state, usage, tries = [] } = end;
  const model = askedModel(turn);
  const call = { model, state, usage, cost, charged: use.microUsd };
  const now = deps.clock.now();
  const parts = end.parts.map((part) => maskPart(deps, part));
  return deps.store.transaction(async (tables) => {
    const { conversations, journal } = tables;
    const told = (await turn.budgets?.settle(tables, end.id, use)) ?? [];
    await journal.updateModelCall(end.id, {
      model,
      tries: tries.length === 0 ? null : JSON.stringify(tries),
      state: end.state,
      stop_reason: end.stopReason,
      ...usageColumns(end.usage),
      cost_micro_usd: cost,
      ...(turn.budgets === undefined ? {} : { charged_micro_usd: use.microUsd, charged_tokens: use.tokens }),
      is_estimated: end.isEstimated ? 1 : 0,
      error: end.error ?? null,
      ended_at: now,
    });
    await end.also?.(tables, end.id);
    if (parts.length === 0) return { toolCalls: [], told, call };
    const seq = await conversations.append({
      conversation_id: turn.conversationId,
      turn_id: turn.id,
      role: 'assistant',
      parts: JSON.stringify(parts),
      state: end.messageState,
      created_at: now,
    });
    const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
    const rows = calls.map((call, position) => newToolCall(turn, call, seq, position, now));
    await journal.insertToolCalls(rows);
    return { toolCalls: rows, told, call };
  });
}

/** Writes that nobody knows how a call ended: its process died. Budgets count all that it had reserved. */
export async function loseModelCall(deps: JournalDeps, turn: CallTurn, id: string): Promise<void> {
  await deps.store.transaction(async (tables) => {
    await turn.budgets?.settleLost(tables, id);
    await tables.journal.updateModelCall(id, { state: 'lost', ended_at: deps.clock.now() });
  });
}

/** Writes the answers of one response's tool calls as the next message, in call order. */
export async function appendToolResults(deps: JournalDeps, turn: Turn, rows: readonly ToolCallRow[]): Promise<void> {
  await deps.store.transaction(async ({ conversations }) => {
    await conversations.append({
      conversation_id: turn.conversationId,
      turn_id: turn.id,
      role: 'tool',
      parts: JSON.stringify(rows.map(resultPart)),
      state: 'complete',
      created_at: deps.clock.now(),
    });
  });
}

/** Messages that came in for the turn while it runs, oldest first. */
export async function waitingFor(deps: JournalDeps, turn: Turn): Promise<InboundRow[]> {
  if (turn.mayGrow?.() === false) return [];
  const queued = await deps.store.inbound.waiting(turn.conversationId);
  return queued.filter(turn.mayJoin);
}

/** Moves messages that came in while the turn ran into it. Returns how many joined. */
export async function joinWaiting(deps: JournalDeps, turn: Turn): Promise<number> {
  const mine = await waitingFor(deps, turn);
  if (mine.length === 0) return 0;
  const now = deps.clock.now();
  await deps.store.transaction(async ({ conversations, inbound }) => {
    for (const row of mine) {
      await conversations.append({
        conversation_id: turn.conversationId,
        turn_id: turn.id,
        role: 'user',
        parts: row.parts,
        state: 'complete',
        created_at: now,
      });
      await inbound.settle(row.id, 'joined', turn.id, now);
    }
  });
  return mine.length;
}

/** Writes the end of a turn, and in the same transaction whatever its surface has to write with it. */
export async function closeTurn(deps: JournalDeps, turn: Turn, end: TurnClose): Promise<void> {
  const now = deps.clock.now();
  await deps.store.transaction(async (tables) => {
    const { conversations, journal } = tables;
    await journal.updateTurn(turn.id, {
      model: askedModel(turn),
      state: end.state,
      stop_reason: end.stopReason,
      error:
        end.error === undefined ? null : JSON.stringify({ ...end.error, phrase: undefined, hintPhrase: undefined }),
      ended_at: now,
    });
    await conversations.touch(turn.conversationId, now);
    await turn.onClose?.(tables, end);
  });
}

function newToolCall(turn: CallTurn, call: ToolCallPart, seq: number, position: number, now: number): ToolCallRow {
  return {
    id: newId(now),
    turn_id: turn.id,
    conversation_id: turn.conversationId,
    message_seq: seq,
    position,
    call_id: call.callId,
    name: call.name,
    input: JSON.stringify(call.inputError === undefined ? { input: call.input } : { inputError: call.inputError }),
    state: 'pending',
    status: null,
    output: null,
    provenance: null,
    ms: null,
    started_at: null,
    ended_at: null,
  };
}

function resultPart(row: ToolCallRow): ToolResultPart {
  return {
    type: 'tool-result',
    callId: row.call_id,
    name: row.name,
    status: (row.status ?? 'uncertain') as ToolResultPart['status'],
    output: row.output ?? '',
    provenance: (row.provenance ?? 'tool') as ToolResultPart['provenance'],
  };
}

function usageColumns(usage: Usage) {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cached_tokens: usage.cachedTokens,
    cache_write_tokens: usage.cacheWriteTokens,
  };
}

/** Reasoning that carries a signature must go back unchanged, or its provider refuses it. */
function maskPart(deps: JournalDeps, part: Part): Part {
  if (part.type === 'text') return { ...part, text: deps.text.mask(part.text) };
  if (part.type === 'tool-call') return { ...part, input: deps.text.maskJson(part.input) };
  if (part.type === 'reasoning') {
    const text = deps.text.mask(part.text);
    // A provider's signature holds for its exact text only; without one the part is kept for people and not sent again.
    return text === part.text ? part : { type: 'reasoning', provider: part.provider, text };
  }
  return part;
}
