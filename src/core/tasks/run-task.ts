/** Owns one claimed run, from its gate to the closed row of the ledger. It may be called again for a run whose process died: a turn goes on from its journal, a tool that was begun is not begun again. */
import { turnAnswer } from '../agent/turn-answer.ts';
import type { ChatService } from '../conversations/chat-service.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import type { TurnRow } from '../store/journal-tables.ts';
import type { Store } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';
import { closeRun, type Outcome } from './close-run.ts';
import { keepClaim, type LiveRuns } from './claims.ts';
import type { Claimed } from './ledger.ts';
import { conversationOf } from './task-conversation.ts';

export interface RunDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The words owners are spoken to in; English when absent. */
  readonly catalogue?: Catalogue;
  readonly chat: () => Promise<Pick<ChatService, 'send'>>;
  /** Runs a tool in its wall as the owner of the task. */
  readonly runTool: (name: string, input: JsonObject, task: TaskRow, signal: AbortSignal) => Promise<ToolResult>;
  /** The runs of this process. */
  readonly live: LiveRuns;
}

export interface ToolResult {
  readonly status: string;
  readonly output: JsonValue;
  readonly error?: string | undefined;
}

/** Runs it and closes its row. Throws what the store throws when the row cannot be closed: it is then taken over like that of a process that died. */
export async function runTask(deps: RunDeps, claimed: Claimed, signal: AbortSignal): Promise<void> {
  const release = keepClaim(deps, deps.live, claimed.run);
  try {
    let outcome: Outcome;
    try {
      outcome = await outcomeOf(deps, claimed, signal);
    } catch (error) {
      const message = error instanceof ClawError ? error.message : `an internal error: ${toError(error).message}`;
      outcome = { state: 'failed', reason: message, output: null };
    }
    await closeRun(deps, claimed, outcome);
  } finally {
    release();
  }
}

async function outcomeOf(deps: RunDeps, claimed: Claimed, signal: AbortSignal): Promise<Outcome> {
  const { task, run } = claimed;
  const isFresh = run.conversation_id === null && run.is_tool_begun === 0;
  if (task.gate !== null && isFresh) {
    const { status, output, error } = await deps.runTool(task.gate, {}, task, signal);
    if (status !== 'ok') return failed(`the gate ${task.gate} did not answer: ${error ?? status}`);
    if (!wakes(output)) return { state: 'skipped', reason: `the gate ${task.gate} said no`, output: textOf(output) };
  }
  return task.tool === null ? runPrompt(deps, claimed, signal) : runTool(deps, claimed, signal);
}

async function runTool(deps: RunDeps, { task, run }: Claimed, signal: AbortSignal): Promise<Outcome> {
  if (run.is_tool_begun === 1) {
    return failed('the process ended while the tool ran; it is not run again, because it may have had its effect');
  }
  await deps.store.tasks.updateRun(run.id, run.runner ?? '', { is_tool_begun: 1 });
  const input = JSON.parse(task.tool_input ?? '{}') as JsonObject;
  const { status, output, error } = await deps.runTool(task.tool ?? '', input, task, signal);
  if (status !== 'ok') return failed(error ?? `the tool ended as ${status}`);
  return { state: 'ran', reason: run.reason, output: textOf(output) };
}

async function runPrompt(deps: RunDeps, { task, run }: Claimed, signal: AbortSignal): Promise<Outcome> {
  const { store, clock } = deps;
  const conversationId =
    run.conversation_id ??
    (await store.transaction(async (tables) => {
      const id = await conversationOf(tables, task, clock.now());
      await tables.tasks.updateRun(run.id, run.runner ?? '', { conversation_id: id });
      return id;
    }));
  const ownId = run.inbound_id ?? run.id;
  const known = await answeredBy(store, ownId);
  if (known === undefined || known.state === 'running') {
    const budget = task.budget_micro_usd === null ? {} : { maxCostUsd: task.budget_micro_usd / 1e6 };
    const request = {
      userId: task.owner_id,
      conversationId,
      text: task.prompt ?? '',
      ownId,
      signal,
      taskId: task.id,
      ...budget,
    };
    try {
      for await (const _ of (await deps.chat()).send(request));
    } catch (error) {
      // Another process answered it meanwhile.
      if (!(error instanceof ClawError && error.code === 'conflict')) throw error;
    }
  }
  const turn = await answeredBy(store, ownId);
  if (turn === undefined) return failed('its message was dropped before a turn took it');
  const output = turnAnswer(await store.conversations.messages(conversationId, 1, undefined, 0), turn.id);
  if (turn.stop_reason === 'max-cost') {
    const spent = 'it was stopped, because it had used what it may cost';
    return { ...failed(spent), output, turnId: turn.id };
  }
  if (turn.state === 'done') return { state: 'ran', reason: run.reason, output, turnId: turn.id };
  return { ...failed(turnFailure(turn)), output, turnId: turn.id };
}

async function answeredBy({ inbound, journal }: Store, ownId: string): Promise<TurnRow | undefined> {
  const turnId = (await inbound.byId(ownId))?.turn_id ?? undefined;
  return turnId === undefined ? undefined : journal.turn(turnId);
}

function turnFailure({ error, state }: TurnRow): string {
  const { message } = (error === null ? {} : JSON.parse(error)) as { readonly message?: string };
  return message ?? (state === 'interrupted' ? 'its turn was interrupted' : 'its turn failed');
}

const failed = (reason: string): Outcome => ({ state: 'failed', reason, output: null });

/** A gate says no with false, null, an empty text, "no", "false", or `{wake: false}`. */
function wakes(output: JsonValue): boolean {
  if (typeof output === 'object' && output !== null && !Array.isArray(output)) return output['wake'] !== false;
  return !['false', 'null', '', 'no'].includes(textOf(output).trim().toLowerCase());
}

function textOf(output: JsonValue): string {
  return typeof output === 'string' ? output : JSON.stringify(output);
}
