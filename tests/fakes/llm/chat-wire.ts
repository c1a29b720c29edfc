/** Speaks OpenAI's Chat Completions API, from https://developers.openai.com/api/reference/resources/chat. */
import { halves } from './anthropic-wire.ts';
import { sse, type SeenRequest } from './model-server.ts';
import { DEFAULT_USAGE, stopOf, type SpokenAnswer, type Wire } from './wire.ts';

interface ContentPart {
  type: string;
  text?: string;
  image_url?: { url: string };
}
interface ChatMessage {
  role: string;
  content: string | ContentPart[] | null;
  tool_call_id?: string;
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[];
  reasoning_content?: string;
}
interface Body {
  model: string;
  messages: ChatMessage[];
  tools?: { type: string; function: { name: string } }[];
  max_tokens?: number;
  max_completion_tokens?: number;
}

const STOPS = {
  complete: 'stop',
  'tool-calls': 'tool_calls',
  'max-output-tokens': 'length',
  refusal: 'content_filter',
} as const;

const bodyOf = ({ body }: SeenRequest): Body => body as Body;
const partsOf = ({ content }: ChatMessage): ContentPart[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
const spokenParts = (request: SeenRequest): ContentPart[] =>
  bodyOf(request).messages.flatMap((message) => (['user', 'assistant'].includes(message.role) ? partsOf(message) : []));

export const chatWire: Wire = {
  speak(answer) {
    const usage = { ...DEFAULT_USAGE, ...answer.usage };
    const chunk = (choices: object[], more: object = {}): string =>
      sse({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-test', choices, ...more });
    const delta = (each: object): string => chunk([{ index: 0, delta: each, finish_reason: null }]);
    return [
      delta({ role: 'assistant', content: '' }),
      ...(answer.reasoning === undefined ? [] : [delta({ reasoning_content: answer.reasoning })]),
      ...(answer.text ?? []).map((content) => delta({ content })),
      ...callDeltas(answer).map((tool_call) => delta({ tool_calls: [tool_call] })),
      chunk([{ index: 0, delta: {}, finish_reason: STOPS[stopOf(answer)] }]),
      chunk([], {
        usage: {
          prompt_tokens: usage.input,
          completion_tokens: usage.output,
          total_tokens: usage.input + usage.output,
          prompt_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.cacheWrite },
        },
      }),
      sse('[DONE]'),
    ];
  },
  opening: () => chatWire.speak({ text: ['Hello'] }).slice(0, 2),
  errorBody: (status, message) => ({
    error: { message, type: status === 429 ? 'requests' : 'invalid_request_error', param: null, code: null },
  }),
  overloadedEvent: () => sse({ error: { message: 'Overloaded', code: 503 } }),
  malformedEvent: () => sse('{"id":"chatcmpl-1","choices":[{"del'),
  complaints,
  system: (request) => {
    const [first] = bodyOf(request).messages;
    return first?.role === 'system'
      ? partsOf(first)
          .map(({ text }) => text)
          .join('')
      : '';
  },
  texts: (request) => spokenParts(request).flatMap(({ text }) => text ?? []),
  images: (request) =>
    spokenParts(request).flatMap(({ image_url }) => {
      const match = /^data:([^;]+);base64,(.*)$/s.exec(image_url?.url ?? '');
      return match === null ? [] : { mediaType: match[1] ?? '', data: match[2] ?? '' };
    }),
  calls: (request) =>
    bodyOf(request).messages.flatMap(({ tool_calls = [] }) =>
      tool_calls.map((call) => ({
        id: call.id,
        name: call.function.name,
        input: JSON.parse(call.function.arguments) as unknown,
      })),
    ),
  results: (request) =>
    bodyOf(request).messages.flatMap(({ role, tool_call_id: id = '', content }) =>
      role === 'tool' ? { id, output: typeof content === 'string' ? content : '' } : [],
    ),
  opaques: (request) => bodyOf(request).messages.flatMap(({ reasoning_content }) => reasoning_content ?? []),
  tools: (request) => (bodyOf(request).tools ?? []).map((tool) => tool.function.name),
  maxTokens: (request) => bodyOf(request).max_completion_tokens ?? bodyOf(request).max_tokens ?? 0,
};

function callDeltas(answer: SpokenAnswer): object[] {
  return (answer.calls ?? []).flatMap(({ id, name, input, rawInput }, index) => [
    { index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: '' } },
    ...halves(rawInput ?? JSON.stringify(input)).map((text) => ({ index, function: { arguments: text } })),
  ]);
}

function complaints(request: SeenRequest): string[] {
  const { messages } = bodyOf(request);
  const wrong: string[] = [];
  if (request.path !== '/v1/chat/completions') wrong.push(`not Chat Completions: ${request.path}`);
  if (messages.some(({ role }, index) => role === 'system' && index > 0))
    wrong.push('a system message that is not the first');
  let open: string[] = [];
  for (const message of messages) {
    const { role, tool_call_id: id = '', tool_calls = [] } = message;
    if (role === 'tool') {
      if (!open.includes(id)) wrong.push(`result ${id} without its call`);
      open = open.filter((each) => each !== id);
      continue;
    }
    if (open.length > 0) wrong.push(`calls ${open.join()} without results`);
    open = tool_calls.map((call) => call.id);
    if (open.some((each) => each.length > 40)) wrong.push('a call id longer than 40 characters');
    if (message.content === null && tool_calls.length === 0) wrong.push('a message without content');
    if (partsOf(message).some(({ type, text }) => type === 'text' && (text ?? '').trim() === ''))
      wrong.push('empty text');
  }
  if (open.length > 0) wrong.push(`calls ${open.join()} without results`);
  return wrong;
}
