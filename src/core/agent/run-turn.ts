/** Owns the turn: assemble, stream, journal, tools, journal, until there is an answer or a reason to stop. It yields events and never calls a surface. */
import { ClawError, toError } from '../kernel/errors.ts';
import type { StopReason, TurnEnd, TurnEvent } from '../kernel/events.ts';
import { addUsage, type JsonObject, NO_USAGE, type Usage } from '../kernel/messages.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { ModelCallRow, ToolCallRow } from '../store/journal-tables.ts';
import type { ToolOutcome } from '../tools/tool-port.ts';
import { answerLightly } from './answer-lightly.ts';
import { affordableOutput, buildRequest } from './build-request.ts';
import { callModel } from './call-model.ts';
import { unprovenClaim } from './claims.ts';
import { describeFailure } from './describe-failure.ts';
import { askedModel, appendToolResults, closeTurn, joinWaiting, loseModelCall, waitingFor } from './journal.ts';
import { countRound, explainStop, limitReached } from './limits.ts';
import { runTools } from './run-tools.ts';
import type { Tally, Turn, TurnDeps, WrittenCall } from './turn.ts';

/** Runs `turn` to its end. The last event is always `turn-end`; a failure is told there, never thrown. */
export async function* runTurn(deps: TurnDeps, turn: Turn): AsyncGenerator<TurnEvent> {
  const { conversationId, id: turnId, resumed } = turn;
  const model = resumed ? turn.modelRef : (turn.light?.payer.modelRef ?? turn.modelRef);
  yield { type: 'turn-start', conversationId, turnId, model, resumed };
  const deadline = deadlineSignal(deps, turn);
  const tally = newTally(turn);
  try {
    const limited = { ...turn, signal: deadline.signal, onModelCall: charging(tally, turn) };
    const reason = yield* seen(tally, runSteps(deps, limited, tally));
    yield* endTurn(deps, turn, tally, deadline.isOver() ? 'max-time' : reason);
  } catch (error) {
    yield* endTurn(deps, turn, tally, 'error', describeFailure(error));
  } finally {
    deadline.cancel();
  }
}

/** The loop. Returns why it stopped. */
async function* runSteps(deps: TurnDeps, turn: Turn, tally: Tally): AsyncGenerator<TurnEvent, StopReason> {
  const startedAt = deps.clock.elapsed();
  if (turn.resumed) {
    if ((yield* pickUp(deps, turn, tally)) && (await waitingFor(deps, turn)).length === 0) return 'complete';
  } else if (turn.light !== undefined) {
    const reason = yield* answerLightly(deps, turn, turn.light, tally);
    if (reason !== undefined) return reason;
  }
  for (;;) {
    const reached = limitReached(tally, turn.limits, deps.clock.elapsed() - startedAt);
    if (reached !== undefined) return reached;
    const joined = await joinWaiting(deps, turn);
    if (joined > 0) yield noticeOf('info', 'steered', phrase('steered'));
    const request = yield* buildRequest(deps, turn, tally);
    if (request === undefined) return 'max-cost';
    const room = (): number => affordableOutput(turn, tally, request);
    const response = yield* separated(tally, callModel(deps, turn, request, room));
    tally.remarks.push(...response.remarks);
    if (response.stopReason === 'interrupted') return 'interrupted';
    if (response.toolCalls.length === 0) {
      if ((await waitingFor(deps, turn)).length > 0) continue;
      return response.stopReason === 'tool-calls' ? 'complete' : response.stopReason;
    }
    if (turn.given?.returnsCalls === true) {
      tally.calls = response.toolCalls.map(callOf);
      await answerUnrun(deps, turn, response.toolCalls, HANDED_OVER);
      return 'tool-calls';
    }
    if (tally.rounds >= turn.limits.maxToolRounds) {
      const output = `Not run: the limit of ${turn.limits.maxToolRounds} tool rounds was reached.`;
      await answerUnrun(deps, turn, response.toolCalls, { status: 'refused', output });
      return 'max-tool-rounds';
    }
    countRound(tally, yield* runTools(deps, turn, response.toolCalls));
    if (turn.signal.aborted) return 'interrupted';
  }
}

/** Takes up a turn whose process died: counts what it did, gives up model calls that never ended, finishes open tool calls. True: its answer was whole, only the end was not written. */
async function* pickUp(deps: TurnDeps, turn: Turn, tally: Tally): AsyncGenerator<TurnEvent, boolean> {
  const modelCalls = await deps.store.journal.modelCalls(turn.id);
  for (const call of modelCalls) {
    if (call.state === 'started') {
      await loseModelCall(deps, turn, call.id);
    } else {
      charge(tally, writtenCall(turn, call));
    }
  }
  const rounds = Map.groupBy(await deps.store.journal.toolCalls(turn.id), (row) => row.message_seq);
  const rows = await deps.store.conversations.messages(turn.conversationId, turn.startSeq, undefined, 0);
  for (const [seq, calls] of rounds) {
    const isAnswered = rows.some((row) => row.role === 'tool' && row.seq > seq);
    countRound(tally, isAnswered ? calls : yield* runTools(deps, turn, calls));
  }
  const end = rows.at(-1);
  const isAnswer = end?.role === 'assistant' && end.state === 'complete' && end.turn_id === turn.id;
  const last = modelCalls.at(-1);
  return isAnswer && !rounds.has(end.seq) && last?.state === 'done' && last.stop_reason === 'complete';
}

async function* endTurn(
  deps: TurnDeps,
  turn: Turn,
  tally: Tally,
  stopReason: StopReason,
  error?: NonNullable<TurnEnd['error']>,
): AsyncGenerator<TurnEvent> {
  const claim = unprovenClaim(tally.visible, tally.tools);
  if (claim !== undefined) yield noticeOf('warning', 'unproven-claim', claim);
  const stopped = explainStop(stopReason, turn.limits);
  if (stopped !== undefined) yield noticeOf('warning', 'stopped', stopped);
  const state = stopReason === 'error' ? 'failed' : stopReason === 'interrupted' ? 'interrupted' : 'done';
  const remarks = [claim, stopped, ...tally.remarks].filter((remark) => remark !== undefined);
  await closeTurn(deps, turn, { state, stopReason, remarks, ...(error === undefined ? {} : { error }) });
  yield {
    type: 'turn-end',
    conversationId: turn.conversationId,
    turnId: turn.id,
    model: tally.answeredBy ?? askedModel(turn),
    text: tally.visible,
    stopReason,
    usage: {
      inputTokens: tally.usage.inputTokens,
      outputTokens: tally.usage.outputTokens,
      cachedTokens: tally.usage.cachedTokens,
      costUsd: tally.isPriced ? tally.costMicroUsd / 1e6 : null,
    },
    tools: tally.tools,
    ...(stopReason === 'tool-calls' && tally.calls !== undefined ? { calls: tally.calls } : {}),
    ...(error === undefined ? {} : { error }),
  };
}

const HANDED_OVER: ToolOutcome = { status: 'uncertain', output: 'Given to the caller, who runs it.' };

/** A call as its caller gets it. Throws `upstream-failed` for arguments that were no JSON object. */
function callOf({ call_id: callId, name, input: stored }: ToolCallRow): NonNullable<Tally['calls']>[number] {
  const { input, inputError } = JSON.parse(stored) as { input?: JsonObject; inputError?: string };
  if (input !== undefined) return { callId, name, input };
  throw new ClawError('upstream-failed', `The model called ${name} with arguments that are no JSON: ${inputError}.`);
}

/** Calls that claw does not run are answered all the same, so that the history stays whole. */
async function answerUnrun(
  deps: TurnDeps,
  turn: Turn,
  rows: readonly ToolCallRow[],
  outcome: ToolOutcome,
): Promise<void> {
  const change = {
    state: 'done' as const,
    ...outcome,
    provenance: 'claw',
    ms: 0,
    ended_at: deps.clock.now(),
  };
  for (const row of rows) await deps.store.journal.updateToolCall(row.id, change);
  await appendToolResults(
    deps,
    turn,
    rows.map((row) => ({ ...row, ...change })),
  );
}

/** Keeps what was shown, so that the end of the turn can repeat it whole. */
async function* seen<R>(tally: Tally, inner: AsyncGenerator<TurnEvent, R>): AsyncGenerator<TurnEvent, R> {
  // A reader that leaves ends what it reads.
  await using events = inner;
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    if (next.value.type === 'text-delta') tally.visible += next.value.text;
    yield next.value;
  }
}

/** Puts a blank line between the text of one response and the next. */
async function* separated<E extends TurnEvent, R>(
  tally: Tally,
  inner: AsyncGenerator<E, R>,
): AsyncGenerator<TurnEvent, R> {
  // A reader that leaves ends what it reads.
  await using events = inner;
  let isFirst = tally.visible !== '';
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    if (isFirst && next.value.type === 'text-delta') {
      isFirst = false;
      const gap = tally.visible.endsWith('\n\n') ? '' : '\n\n';
      if (gap !== '') yield { type: 'text-delta', text: gap };
    }
    yield next.value;
  }
}

/** Counts each model call in the turn's tally, however it ended. */
function charging(tally: Tally, { onModelCall }: Turn): NonNullable<Turn['onModelCall']> {
  return (call) => {
    charge(tally, call);
    onModelCall?.(call);
  };
}

function charge(tally: Tally, { usage, cost, charged }: Pick<WrittenCall, 'usage' | 'cost' | 'charged'>): void {
  tally.usage = addUsage(tally.usage, usage);
  if (cost === null && usage.inputTokens + usage.outputTokens > 0) tally.isPriced = false;
  tally.costMicroUsd += cost ?? 0;
  tally.chargedMicroUsd += charged;
}

/** A call of an earlier run of the turn, at the price it had. */
function writtenCall({ ceiling }: Turn, row: ModelCallRow): Pick<WrittenCall, 'usage' | 'cost' | 'charged'> {
  const usage = usageOf(row);
  return { usage, cost: row.cost_micro_usd, charged: row.cost_micro_usd ?? ceiling(usage) };
}

function usageOf(call: ModelCallRow): Usage {
  return {
    inputTokens: call.input_tokens,
    outputTokens: call.output_tokens,
    cachedTokens: call.cached_tokens,
    cacheWriteTokens: call.cache_write_tokens,
  };
}

function newTally({ earlier }: Turn): Tally {
  return {
    earlier,
    usage: NO_USAGE,
    costMicroUsd: 0,
    isPriced: true,
    chargedMicroUsd: 0,
    rounds: 0,
    remarks: [],
    visible: '',
    tools: [],
    recentCalls: [],
    failuresInARow: 0,
  };
}

/** The turn's own signal, aborted also when its time is up. */
function deadlineSignal(
  deps: TurnDeps,
  turn: Turn,
): { signal: AbortSignal; isOver: () => boolean; cancel: () => void } {
  const over = new AbortController();
  const stop = new AbortController();
  const isDue = deps.clock.sleep(turn.limits.maxMs, stop.signal).then(
    () => over.abort(new Error('The time of the turn is up.')),
    toError, // the turn ended first
  );
  return {
    signal: AbortSignal.any([turn.signal, over.signal]),
    isOver: () => over.signal.aborted,
    cancel: () => {
      stop.abort(new Error('The turn has ended.'));
      void isDue;
    },
  };
}
