/** Owns the tool calls of one model response: runs them (together where they allow it), writes each down before and after, and gives the answers in call order. */
import { createEventQueue } from '../kernel/event-queue.ts';
import type { ApprovalRequest, Notice, ToolEnd, ToolProgress, ToolStart } from '../kernel/events.ts';
import { toError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import type { ToolCallRow } from '../store/journal-tables.ts';
import type { ToolDescription, ToolOutcome } from '../tools/tool-port.ts';
import { appendToolResults } from './journal.ts';
import type { Turn, TurnDeps } from './turn.ts';

type ToolEvent = ToolStart | ToolProgress | ToolEnd | ApprovalRequest | Notice;

const UNCERTAIN: ToolOutcome = {
  status: 'uncertain',
  output: 'claw was stopped while this call ran. It may or may not have happened: check before repeating it.',
};

/** How much of an output a surface is shown, in characters. */
const SHOWN_OUTPUT = 2_000;

/** Runs what is not done of `rows`, yields its events, and appends the answers. Returns all rows, done. */
export async function* runTools(
  deps: TurnDeps,
  turn: Turn,
  rows: readonly ToolCallRow[],
): AsyncGenerator<ToolEvent, ToolCallRow[]> {
  const queue = createEventQueue<ToolEvent>();
  const work = runInGroups(deps, turn, rows, (event) => queue.push(event)).finally(() => queue.end());
  yield* queue;
  const done = await work;
  await appendToolResults(deps, turn, done);
  return done;
}

/** Neighbouring calls that may run together form a group; a call that may not is a group of its own. */
async function runInGroups(
  deps: TurnDeps,
  turn: Turn,
  rows: readonly ToolCallRow[],
  emit: (event: ToolEvent) => void,
): Promise<ToolCallRow[]> {
  const done: ToolCallRow[] = [];
  let group: Promise<ToolCallRow>[] = [];
  for (const row of rows) {
    const isParallel = describe(deps, row.name)?.parallel ?? true;
    if (!isParallel) {
      done.push(...(await Promise.all(group)));
      group = [];
      done.push(await runOne(deps, turn, row, emit));
    } else {
      group.push(runOne(deps, turn, row, emit));
    }
  }
  return [...done, ...(await Promise.all(group))];
}

async function runOne(
  deps: TurnDeps,
  turn: Turn,
  row: ToolCallRow,
  emit: (event: ToolEvent) => void,
): Promise<ToolCallRow> {
  if (row.state === 'done') return row;
  const { input, inputError } = JSON.parse(row.input) as { input?: JsonObject; inputError?: string };
  emit({ type: 'tool-start', callId: row.call_id, name: row.name, input: input ?? {} });
  const started = deps.clock.elapsed();
  const outcome = await outcomeOf(deps, turn, row, input, inputError, emit);
  const ms = Math.round(deps.clock.elapsed() - started);
  const output = await deps.text.fit(deps.text.mask(outcome.output), row.id);
  const change = {
    state: 'done' as const,
    status: outcome.status,
    output,
    provenance: describe(deps, row.name)?.provenance ?? 'tool',
    ms,
    ended_at: deps.clock.now(),
  };
  await deps.store.journal.updateToolCall(row.id, change);
  emit({
    type: 'tool-end',
    callId: row.call_id,
    name: row.name,
    status: outcome.status,
    ms,
    output: output.slice(0, SHOWN_OUTPUT),
  });
  return { ...row, ...change };
}

/** A failed call is a value for the model; only a bug of claw itself would throw, and then without its stack. */
async function outcomeOf(
  deps: TurnDeps,
  turn: Turn,
  row: ToolCallRow,
  input: JsonObject | undefined,
  inputError: string | undefined,
  emit: (event: ToolEvent) => void,
): Promise<ToolOutcome> {
  const tool = describe(deps, row.name);
  if (tool === undefined) return { status: 'error', output: `There is no tool named ${JSON.stringify(row.name)}.` };
  if (input === undefined)
    return { status: 'error', output: `The arguments could not be read: ${inputError ?? 'no JSON object'}.` };
  if (turn.signal.aborted) return { status: 'cancelled', output: 'Stopped before it began.' };
  if (row.state === 'started' && !tool.idempotent) return UNCERTAIN;
  await deps.store.journal.updateToolCall(row.id, { state: 'started', started_at: deps.clock.now() });
  try {
    return await deps.tools.call({
      callId: row.call_id,
      name: row.name,
      input,
      userId: turn.userId,
      conversationId: turn.conversationId,
      turnId: turn.id,
      signal: turn.signal,
      timeoutMs: turn.limits.toolTimeoutMs,
      onProgress: (text) => emit({ type: 'tool-progress', callId: row.call_id, text: deps.text.mask(text) }),
      onNotice: emit,
      ...(turn.onModelCall === undefined ? {} : { onModelCall: turn.onModelCall }),
      ...(turn.isLimited?.() === true ? { isLimited: true } : {}),
      ...(turn.canAsk ? { onApproval: emit } : {}),
    });
  } catch (error) {
    return { status: 'error', output: `The tool failed: ${toError(error).message}` };
  }
}

function describe(deps: TurnDeps, name: string): ToolDescription | undefined {
  return deps.tools.tools.find((tool) => tool.name === name);
}
