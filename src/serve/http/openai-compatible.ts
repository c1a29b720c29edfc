/** Owns claw as a model for clients of OpenAI's API: each request is a turn of claw, in its books, with claw's tools or those of the caller. Source: https://developers.openai.com/api/reference/resources/chat. */
import { z } from 'zod';
import { ClawError, ERROR_KINDS, type ErrorCode } from '../../core/kernel/errors.ts';
import type { TurnEnd } from '../../core/kernel/events.ts';
import type { TurnStream } from '../turn-events.ts';
import { waitForAnswer } from './chat-routes.ts';
import { completionBody, completionRequest, MAX_COMPLETION_BYTES, OWN_NAME } from './openai-request.ts';
import { asFailure, HttpFailure, problemBody } from './problem.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { sseAnswer, type SseEvent } from './sse.ts';

export function openAiRoutes(deps: RouteDeps): readonly Route[] {
  return [modelsRoute(deps), completionsRoute(deps)];
}

function modelsRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '//v1/models',
    action: 'model.read',
    summary: 'The models that can be asked for, in the shape of OpenAI',
    errors: 'openai',
    result: z.object({
      object: z.string(),
      data: z.array(z.object({ id: z.string(), object: z.string(), created: z.int(), owned_by: z.string() })),
    }),
    handle: async () => {
      const usable = (await (await app.models()).list()).filter(({ missing }) => missing === undefined);
      const names = [OWN_NAME, ...usable.map(({ provider, id }) => `${provider}/${id}`)];
      const data = names.map((id) => ({ id, object: 'model', created: 0, owned_by: id.split('/', 1)[0] ?? OWN_NAME }));
      return { object: 'list', data };
    },
  });
}

function completionsRoute({ app, streams }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '//v1/chat/completions',
    action: 'chat.send',
    summary: 'An answer in the shape of OpenAI, whole or streamed; a client that goes away interrupts it',
    errors: 'openai',
    body: completionBody,
    maxBodyBytes: MAX_COMPLETION_BYTES,
    result: z.looseObject({ id: z.string(), object: z.string() }),
    async handle({ actor, body, signal }) {
      const stream = await streams
        .start({ ...completionRequest(actor.user.id, body), isLimited: actor.scopes !== null })
        .catch(noSuchModel);
      const head = { id: `chatcmpl-${stream.id}`, created: Math.floor(app.clock.now() / 1000), model: body.model };
      if (body.stream === true) {
        signal.addEventListener('abort', () => stream.cancel(), { once: true });
        await firstSign(stream, signal);
        const { mask } = await app.masker();
        return sseAnswer(
          chunks(stream, head, { hasUsage: body.stream_options?.include_usage === true, mask }),
          app.clock,
        );
      }
      const end = failing(await waitForAnswer(stream, signal));
      const message = { role: 'assistant', ...said(end), refusal: null };
      const choices = [{ index: 0, message, logprobs: null, finish_reason: finishOf(end) }];
      return { ...head, object: 'chat.completion', choices, usage: usageOf(end) };
    },
  });
}

interface Head {
  readonly id: string;
  /** Seconds UTC. */
  readonly created: number;
  readonly model: string;
}

async function* chunks(
  stream: TurnStream,
  head: Head,
  { hasUsage, mask }: { readonly hasUsage: boolean; readonly mask: (text: string) => string },
): AsyncGenerator<SseEvent> {
  const chunk = (choices: readonly object[], more: object = {}): SseEvent => ({
    data: { ...head, object: 'chat.completion.chunk', choices, ...(hasUsage ? { usage: null } : {}), ...more },
  });
  const delta = (each: object, finish_reason: string | null = null): SseEvent =>
    chunk([{ index: 0, delta: each, logprobs: null, finish_reason }]);
  try {
    yield delta({ role: 'assistant', content: '' });
    for await (const { event } of stream.read(0)) {
      if (event.type === 'text-delta') yield delta({ content: event.text });
    }
    const end = failing(stream.answer);
    for (const [index, call] of callsOf(end).entries()) yield delta({ tool_calls: [{ index, ...call }] });
    yield delta({}, finishOf(end));
    if (hasUsage) yield chunk([], { usage: usageOf(end) });
    yield { data: '[DONE]' };
  } catch (error) {
    yield { data: mask(JSON.stringify(problemBody(asFailure(error), '', 'openai').body)) };
  }
}

/** The end of a turn that did not fail. Throws `HttpFailure` for others. */
function failing(end: TurnEnd | undefined): TurnEnd {
  if (end === undefined) throw new HttpFailure(499, 'cancelled', 'The turn was stopped.');
  if (end.error === undefined) return end;
  const { code, message, hint, refusedWith } = end.error;
  if (refusedWith !== undefined) throw new HttpFailure(refusedWith, 'upstream-failed', message, { hint });
  throw new HttpFailure(STATUS[code] ?? 502, code in ERROR_KINDS ? (code as ErrorCode) : 'upstream-failed', message, {
    hint,
  });
}

/** What the failure of a turn means to its client; the provider's refusal of claw's own key is no matter of the client's key. */
const STATUS: Readonly<Record<string, number>> = {
  'limit-reached': 429,
  'upstream-rate-limited': 429,
  'usage-invalid': 400,
  'internal-error': 500,
};

/** The caller's key is good; what is missing is claw's own key for that model. */
function noSuchModel(error: unknown): never {
  if (!(error instanceof ClawError) || error.code !== 'auth-missing') throw error;
  throw new HttpFailure(404, 'not-found', error.message, { hint: error.hint, cause: error });
}

/** Waits until the model answers, so that what fails before has the status of its failure. */
async function firstSign(stream: TurnStream, signal: AbortSignal): Promise<void> {
  for await (const { event } of stream.read(0, signal)) {
    if (event.type === 'turn-end') failing(event);
    if (event.type !== 'turn-start' && event.type !== 'notice') return;
  }
}

function callsOf({ calls = [] }: TurnEnd) {
  return calls.map(({ callId, name, input }) => ({
    id: callId,
    type: 'function' as const,
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function said(end: TurnEnd): object {
  const calls = callsOf(end);
  return calls.length === 0 ? { content: end.text } : { content: end.text || null, tool_calls: calls };
}

function finishOf({ stopReason }: TurnEnd): string {
  if (stopReason === 'refusal') return 'content_filter';
  if (stopReason === 'tool-calls') return 'tool_calls';
  return stopReason.startsWith('max-') ? 'length' : 'stop';
}

function usageOf({ usage }: TurnEnd): object {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedTokens },
  };
}
