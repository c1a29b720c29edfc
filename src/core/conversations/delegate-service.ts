/** Owns what a turn may hand to the cheap model: a bounded number of sub-tasks, each done once, paid by the same budgets, ended with its turn. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { runSubTask } from '../agent/run-sub-task.ts';
import type { CallTurn } from '../agent/turn.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import type { CallRequest, Service } from '../tools/call-tool.ts';
import { type ChatDeps, payerOf } from './prepare-turn.ts';

/** Most sub-tasks of one turn. */
const MAX_PER_TURN = 20;
const DEFAULT_MAX_TOKENS = 1024;
/** How long before the tool's own deadline a sub-task is given up, in milliseconds: so that what it used is written down. */
const MARGIN_MS = 500;

const QUESTION = z.strictObject({
  task: z.string().min(1).max(20_000),
  context: z.string().max(200_000).default(''),
  max_tokens: z.int().min(1).max(8192).default(DEFAULT_MAX_TOKENS),
});

/** The service `delegate`: `run({task, context?, max_tokens?})` gives the answer as a text. `lightModel`: `provider/model`. */
export function createDelegateService(deps: () => Promise<ChatDeps>, lightModel: string): Service {
  return async (method, args, { call, tool }) => {
    if (method !== 'run')
      throw new ClawError('sandbox-refused', `the service delegate cannot ${JSON.stringify(method)}`);
    const { turnId, conversationId } = call;
    if (turnId === undefined || conversationId === null)
      throw new ClawError('sandbox-refused', 'a sub-task is handed over by a turn only');
    const read = QUESTION.safeParse(args);
    if (!read.success)
      throw new ClawError('data-invalid', `the sub-task does not fit: ${read.error.issues[0]?.message ?? ''}`);
    const chat = await deps();
    const input_hash = createHash('sha256').update(JSON.stringify(read.data)).digest('hex');
    const key = { turn_id: turnId, call_id: call.callId, input_hash };
    const done = await chat.store.delegations.find(key);
    if (done !== undefined) return done.answer;
    const { model, turn } = await payerFor(chat, { ...call, turnId, conversationId }, lightModel, tool.name);
    const { signal, cancel } = deadlineOf(chat, call);
    const keep = { ...key, conversation_id: conversationId };
    try {
      return await runSubTask(
        { ...chat, text: chat.policy.text },
        turn,
        { model, signal },
        {
          task: read.data.task,
          context: read.data.context,
          maxOutputTokens: read.data.max_tokens,
          onDone: (tables, model_call_id, answer) =>
            tables.delegations.insert({ ...keep, model_call_id, answer, ended_at: chat.clock.now() }),
        },
      );
    } finally {
      cancel();
    }
  };
}

type TurnCall = CallRequest & { readonly turnId: string; readonly conversationId: string };

/** The turn as the cheap model is paid for. Throws `limit-reached` when it has handed over too much. */
async function payerFor(chat: ChatDeps, call: TurnCall, lightModel: string, forTool: string) {
  const { turnId: id, conversationId, userId } = call;
  const calls = await chat.store.journal.modelCalls(id);
  if (calls.filter(({ tools }) => tools === forTool).length >= MAX_PER_TURN)
    throw new ClawError('limit-reached', `one turn hands over at most ${MAX_PER_TURN} sub-tasks`);
  const ready = await chat.resolveModel(lightModel);
  const taskId = calls[0]?.task_id;
  const turn: CallTurn & ReturnType<typeof payerOf> = {
    id,
    conversationId,
    userId,
    ...(taskId == null ? {} : { taskId }),
    ...payerOf(chat.policy, ready),
    ...(call.onModelCall === undefined ? {} : { onModelCall: call.onModelCall }),
    forTool,
  };
  return { turn, model: ready.model };
}

function deadlineOf({ clock }: Pick<ChatDeps, 'clock'>, { signal, timeoutMs }: CallRequest) {
  const over = new AbortController();
  const stop = new AbortController();
  clock.sleep(Math.max(1, timeoutMs - MARGIN_MS), stop.signal).then(
    () => over.abort(new Error('The time of the sub-task is up.')),
    toError, // it was done first
  );
  return {
    signal: AbortSignal.any([signal, over.signal]),
    cancel: () => stop.abort(new Error('It is done.')),
  };
}
