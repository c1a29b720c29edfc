/** Owns the try to answer a light request with the cheap model. Its answer is held back until it is whole and good; otherwise nothing of it is shown or kept, and the main model takes over, once. */
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import { toError } from '../kernel/errors.ts';
import type { StopReason, TurnEvent } from '../kernel/events.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import { addUsage, type Message, NO_USAGE, type Part, textOf, type ToolSpec, type Usage } from '../kernel/messages.ts';
import { ModelFailure, type ModelEvent, type ModelRequest } from '../llm/language-model.ts';
import { assembleMessages } from './assemble-request.ts';
import { budgetWarnings } from './call-record.ts';
import { affordableOutput } from './build-request.ts';
import { estimateRequest } from './call-model.ts';
import { unprovenClaim } from './claims.ts';
import { closeModelCall, openModelCall, waitingFor } from './journal.ts';
import type { LightModel, Tally, Turn, TurnDeps } from './turn.ts';
import { withoutInternal } from './visible-text.ts';

const RULES = `Answer in a few sentences, in the language of the user.
Here you have no tools, files, memory, web or clock. When the request needs any of them, refers to work you cannot see, needs long thought, or you are not sure of the answer, call escalate and say nothing.`;

const ESCALATE: ToolSpec = {
  name: 'escalate',
  description: 'Hands the request over to an assistant with tools.',
  inputSchema: { type: 'object', properties: {} },
};

/** A light answer is short; a longer one is not for the cheap model. */
const MAX_OUTPUT_TOKENS = 800;
/** How much of the conversation the cheap model sees, in messages before the request. */
const EARLIER_MESSAGES = 6;

/** Asks the cheap model. Returns why the turn ends, or undefined when the main model has to answer. Throws `limit-reached` when no budget is left. */
export async function* answerLightly(
  deps: TurnDeps,
  turn: Turn,
  light: LightModel,
  tally: Tally,
): AsyncGenerator<TurnEvent, StopReason | undefined> {
  const payer = payingFor(turn, light);
  const wanted = await lightRequest(deps, turn, light);
  const room = affordableOutput(payer, tally, wanted);
  if (room < 1) return escalated(light, 'cost limit');
  const maxOutputTokens = Math.min(wanted.maxOutputTokens, room);
  const tried = await askOnce(deps, payer, light, { ...wanted, maxOutputTokens });
  tally.remarks.push(...tried.told);
  yield* budgetWarnings(tried.told);
  if (turn.signal.aborted) return 'interrupted';
  if (tried.why !== undefined) return escalated(light, tried.why);
  tally.answeredBy = payer.modelRef;
  yield { type: 'text-delta', text: tried.text };
  // What was said meanwhile is for the main model.
  if ((await waitingFor(deps, turn)).length === 0) return 'complete';
  delete tally.answeredBy;
  return undefined;
}

function escalated(light: LightModel, why: string): undefined {
  light.onEscalate(why);
}

/** The turn as the cheap model is paid for. */
function payingFor(turn: Turn, light: LightModel): Turn {
  const { budgets: _budgets, worstCost: _worst, asked: _asked, ...rest } = turn;
  return { ...rest, ...light.payer };
}

/** The request and what was said shortly before it, as text alone. */
async function lightRequest(deps: TurnDeps, turn: Turn, light: LightModel): Promise<ModelRequest> {
  const from = Math.max(1, turn.startSeq - EARLIER_MESSAGES);
  const rows = await deps.store.conversations.messages(turn.conversationId, from, undefined, 0);
  const texts = rows
    .filter(({ role }) => role !== 'tool')
    .map((row) => ({
      ...row,
      parts: JSON.stringify((JSON.parse(row.parts) as Part[]).filter(({ type }) => type === 'text')),
    }));
  const messages: Message[] = assembleMessages(texts);
  return {
    system: [{ text: `${light.persona}\n\n${RULES}` }],
    messages,
    tools: [ESCALATE],
    maxOutputTokens: Math.min(MAX_OUTPUT_TOKENS, turn.limits.maxOutputTokens),
    signal: turn.signal,
  };
}

interface Tried {
  readonly text: string;
  readonly told: readonly Phrase[];
  /** Why the answer is none; undefined for a good one. */
  readonly why: string | undefined;
}

/** One call, written down like any other; only a good answer becomes a message. */
async function askOnce(deps: TurnDeps, payer: Turn, light: LightModel, wanted: ModelRequest): Promise<Tried> {
  const { id, maxOutputTokens } = await openModelCall(deps, payer, wanted);
  const deadline = deadlineFor(deps, payer.signal, light.timeoutMs);
  const request = { ...wanted, maxOutputTokens, signal: deadline.signal };
  const heard = await listen(light, request);
  deadline.cancel();
  // Told by the main model, if it comes to that.
  payer.takeNotices();
  const { end, failure } = heard;
  const text = end === undefined ? '' : visible(deps, end);
  const why = payer.signal.aborted ? 'stopped' : deadline.isOver() ? 'timeout' : (failure ?? whyNot(end, text));
  const { told } = await closeModelCall(deps, payer, {
    id,
    state: end !== undefined ? 'done' : payer.signal.aborted ? 'cancelled' : 'failed',
    stopReason: end?.stopReason ?? null,
    usage: heard.usage,
    isEstimated: heard.isEstimated,
    ...(end === undefined && why !== undefined ? { error: why } : {}),
    parts: why === undefined ? (end?.parts ?? []).filter(({ type }) => type === 'text') : [],
    messageState: 'complete',
  });
  return { text, told, why };
}

type End = Extract<ModelEvent, { type: 'response-end' }>;

interface Heard {
  readonly end: End | undefined;
  readonly failure: string | undefined;
  readonly usage: Usage;
  readonly isEstimated: boolean;
}

/** Reads the answer to its end. A retry or another provider is no way for a light answer: the main model is. */
async function listen({ model }: LightModel, request: ModelRequest): Promise<Heard> {
  let known: Usage | undefined;
  let lost = NO_USAGE;
  let said = '';
  let failure: string | undefined;
  try {
    for await (const event of model.stream(request)) {
      if (event.type === 'usage') known = event.usage;
      else if (event.type === 'try-lost') {
        failure = event.failure;
        lost = event.usage ?? NO_USAGE;
        break;
      } else if (failure !== undefined) break;
      else if (event.type === 'waiting') failure = 'failed';
      else if (event.type === 'text-delta') said += event.text;
      else if (event.type === 'response-end') {
        const usage = addUsage(event.usage, lost);
        return { end: event, failure: undefined, usage, isEstimated: event.isEstimated === true };
      }
    }
    failure ??= 'broken-stream';
  } catch (error) {
    failure = error instanceof ModelFailure ? error.kind : 'internal-error';
  }
  const isEstimated = said !== '' || (request.signal.aborted && known === undefined);
  const guess = { ...NO_USAGE, inputTokens: estimateRequest(request), outputTokens: estimateTokens(said) };
  const usage = known ?? (isEstimated ? guess : NO_USAGE);
  return { end: undefined, failure, usage: addUsage(usage, lost), isEstimated };
}

function visible(deps: TurnDeps, { parts }: End): string {
  return withoutInternal(deps.text.mask(textOf({ role: 'assistant', parts }))).trim();
}

/** What a model says when it lacks something. */
const LACKS =
  /(?:can(?:no|')t|can not|unable to|do(?:n't| not) have(?: the)?) (?:directly |actually |currently )?(?:access|browse|open|search|any (?:tools|memory|record)|real-time|(?:the )?ability|permission)|(?:접근|확인|실행|검색|조회|열람)할 수 (?:없|가 없)|실시간 (?:정보|데이터)/i;

/** Why the main model has to answer instead; undefined when the answer is good. */
function whyNot(end: End | undefined, text: string): string | undefined {
  if (end === undefined) return 'broken-stream';
  if (end.parts.some(({ type }) => type === 'tool-call')) return 'asked for tools';
  if (end.stopReason === 'refusal') return 'refusal';
  if (end.stopReason !== 'complete') return 'too long';
  if (text === '') return 'empty';
  if (LACKS.test(text)) return 'cannot';
  return unprovenClaim(text, []) === undefined ? undefined : 'claims an act';
}

function deadlineFor({ clock }: Pick<TurnDeps, 'clock'>, signal: AbortSignal, ms: number) {
  const over = new AbortController();
  const stop = new AbortController();
  clock.sleep(ms, stop.signal).then(
    () => over.abort(new Error('The time of the cheap model is up.')),
    toError, // it answered first
  );
  return {
    signal: AbortSignal.any([signal, over.signal]),
    isOver: () => over.signal.aborted,
    cancel: () => stop.abort(new Error('It has answered.')),
  };
}
