/** Owns claw as a model for clients of OpenAI's API: each request is a turn of claw, with its tools and its books. Tools of the caller are refused plainly. Source: https://developers.openai.com/api/reference/resources/chat. */
import { z } from 'zod';
import type { TurnEnd } from '../../core/kernel/events.ts';
import type { TurnStream } from '../turn-events.ts';
import type { StreamRequest } from '../turn-stream.ts';
import { waitForAnswer } from './chat-routes.ts';
import { asFailure, HttpFailure, problemBody } from './problem.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { sseAnswer, type SseEvent } from './sse.ts';

/** The name that stands for the configured model. */
const OWN_NAME = 'claw';

const content = z.union([
  z.string(),
  z.array(z.object({ type: z.literal('text', 'only text is taken here'), text: z.string() })),
]);
const chatMessage = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: content.nullish(),
});
const completionBody = z.object({
  model: z.string().max(200),
  messages: z.array(chatMessage).min(1).max(1000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(z.unknown()).max(0, 'tools of the caller are not taken here; claw uses its own').nullish(),
  tool_choice: z.enum(['auto', 'none']).nullish().describe('none: the model gets no tools'),
  n: z.literal(1, 'one answer is given').nullish(),
});
type CompletionBody = z.output<typeof completionBody>;

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
    result: z.looseObject({ id: z.string(), object: z.string() }),
    async handle({ actor, body, signal }) {
      const stream = await streams.start(requestOf(actor.user.id, body));
      const head = { id: `chatcmpl-${stream.id}`, created: Math.floor(app.clock.now() / 1000), model: body.model };
      if (body.stream === true) {
        signal.addEventListener('abort', () => stream.cancel(), { once: true });
        const { mask } = await app.masker();
        return sseAnswer(
          chunks(stream, head, { hasUsage: body.stream_options?.include_usage === true, mask }),
          app.clock,
        );
      }
      const end = failing(await waitForAnswer(stream, signal));
      const message = { role: 'assistant', content: end.text, refusal: null };
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
  throw new HttpFailure(502, 'upstream-failed', end.error.message, { hint: end.error.hint });
}

function finishOf({ stopReason }: TurnEnd): string {
  if (stopReason === 'refusal') return 'content_filter';
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

/** Such a client sends the whole talk each time: what came before the last message goes along as a text. */
function requestOf(userId: string, { model, messages, tool_choice }: CompletionBody): StreamRequest {
  const last = messages.at(-1);
  if (last?.role !== 'user') throw new HttpFailure(400, 'usage-invalid', 'The last message must be of role user.');
  const earlier = messages.slice(0, -1).map(({ role, content: said }) => `${role}: ${textOf(said)}`);
  return {
    userId,
    text: textOf(last.content),
    ...(earlier.length === 0 ? {} : { files: [{ name: 'earlier-messages.txt', text: earlier.join('\n\n') }] }),
    ...(model === OWN_NAME ? {} : { model }),
    ...(tool_choice === 'none' ? { tools: false } : {}),
  };
}

function textOf(said: z.output<typeof content> | null | undefined): string {
  return typeof said === 'string' ? said : (said ?? []).map(({ text }) => text).join('');
}
