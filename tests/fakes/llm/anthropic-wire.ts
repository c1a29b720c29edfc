/** Speaks Anthropic's Messages API, from https://platform.claude.com/docs/en/api/messages and its streaming page. */
import { sse, type SeenRequest } from './model-server.ts';
import { DEFAULT_USAGE, stopOf, type SpokenAnswer, type Wire } from './wire.ts';

interface Block {
  type: string;
  text?: string;
  id?: string;
  name?: string;
  input?: unknown;
  tool_use_id?: string;
  content?: string;
  source?: { media_type: string; data: string };
  signature?: string;
  data?: string;
  cache_control?: unknown;
}
interface Body {
  model: string;
  max_tokens: number;
  stream: boolean;
  system?: Block[];
  tools?: (Block & { input_schema?: { type?: string } })[];
  messages: { role: string; content: Block[] }[];
}

const STOPS = {
  complete: 'end_turn',
  'tool-calls': 'tool_use',
  'max-output-tokens': 'max_tokens',
  refusal: 'refusal',
} as const;

const bodyOf = ({ body }: SeenRequest): Body => body as Body;
const blocksOf = (request: SeenRequest): Block[] => bodyOf(request).messages.flatMap(({ content }) => content);

export const anthropicWire: Wire = {
  speak(answer) {
    const usage = { ...DEFAULT_USAGE, ...answer.usage };
    const event = (data: { type: string; [key: string]: unknown }): string => sse(data, data.type);
    const counted = {
      input_tokens: usage.input - usage.cached - usage.cacheWrite,
      cache_read_input_tokens: usage.cached,
      cache_creation_input_tokens: usage.cacheWrite,
    };
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-test',
      content: [],
      stop_reason: null,
    };
    return [
      event({ type: 'message_start', message: { ...message, usage: { ...counted, output_tokens: 1 } } }),
      event({ type: 'ping' }),
      ...blocks(answer).flatMap(({ start, deltas }, index) => [
        event({ type: 'content_block_start', index, content_block: start }),
        ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
        event({ type: 'content_block_stop', index }),
      ]),
      event({
        type: 'message_delta',
        delta: { stop_reason: STOPS[stopOf(answer)], stop_sequence: null },
        usage: { output_tokens: usage.output },
      }),
      event({ type: 'message_stop' }),
    ];
  },
  opening: () => anthropicWire.speak({ text: ['Hello'] }).slice(0, 4),
  errorBody: (status, message) => {
    const types: Record<number, string> = {
      400: 'invalid_request_error',
      401: 'authentication_error',
      403: 'permission_error',
      404: 'not_found_error',
      429: 'rate_limit_error',
      529: 'overloaded_error',
    };
    return { type: 'error', error: { type: types[status] ?? 'api_error', message }, request_id: 'req_1' };
  },
  overloadedEvent: () => sse({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'error'),
  malformedEvent: () => sse('{"type":"content_block_delta","index":', 'content_block_delta'),
  complaints,
  system: (request) => (bodyOf(request).system ?? []).map(({ text }) => text).join(''),
  texts: (request) => blocksOf(request).flatMap(({ type, text }) => (type === 'text' ? (text ?? '') : [])),
  images: (request) =>
    blocksOf(request).flatMap(({ source }) =>
      source === undefined ? [] : { mediaType: source.media_type, data: source.data },
    ),
  calls: (request) =>
    blocksOf(request).flatMap(({ type, id = '', name = '', input }) =>
      type === 'tool_use' ? { id, name, input } : [],
    ),
  results: (request) =>
    blocksOf(request).flatMap(({ type, tool_use_id: id = '', content: output = '' }) =>
      type === 'tool_result' ? { id, output } : [],
    ),
  opaques: (request) =>
    blocksOf(request).flatMap(
      ({ signature, data, type }) => signature ?? (type === 'redacted_thinking' ? (data ?? []) : []),
    ),
  tools: (request) => (bodyOf(request).tools ?? []).map(({ name = '' }) => name),
  maxTokens: (request) => bodyOf(request).max_tokens,
};

function blocks(answer: SpokenAnswer): { start: object; deltas: object[] }[] {
  const thinking = {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      { type: 'thinking_delta', thinking: answer.reasoning ?? '' },
      { type: 'signature_delta', signature: answer.opaque ?? '' },
    ],
  };
  const text = {
    start: { type: 'text', text: '' },
    deltas: (answer.text ?? []).map((each) => ({ type: 'text_delta', text: each })),
  };
  const calls = (answer.calls ?? []).map(({ id, name, input, rawInput }, index) => ({
    start: { type: 'tool_use', id: id ?? `toolu_${index}`, name, input: {} },
    deltas: halves(rawInput ?? JSON.stringify(input)).map((partial_json) => ({
      type: 'input_json_delta',
      partial_json,
    })),
  }));
  return [
    ...(answer.reasoning === undefined ? [] : [thinking]),
    ...(answer.text === undefined ? [] : [text]),
    ...calls,
  ];
}

export function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}

function complaints(request: SeenRequest): string[] {
  const body = bodyOf(request);
  const wrong: string[] = [];
  if (request.path !== '/v1/messages') wrong.push(`not the Messages API: ${request.path}`);
  if (request.headers['anthropic-version'] === undefined) wrong.push('no anthropic-version');
  if (body.messages[0]?.role !== 'user') wrong.push('the first message is not from the user');
  const all = [...(body.system ?? []), ...(body.tools ?? []), ...blocksOf(request)];
  if (all.filter((block) => block.cache_control !== undefined).length > 4)
    wrong.push('more than four cache breakpoints');
  if (all.some(({ type, text }) => type === 'text' && (text ?? '').trim() === '')) wrong.push('empty text block');
  if (all.some(({ type, signature }) => type === 'thinking' && (signature ?? '') === ''))
    wrong.push('thinking without signature');
  const ids = new Set<string>();
  for (const [index, { role, content }] of body.messages.entries()) {
    if (role === body.messages[index - 1]?.role) wrong.push('two messages of one role');
    if (content.length === 0) wrong.push('message without content');
    const open = content.flatMap(({ type, id = '' }) => (type === 'tool_use' ? id : []));
    for (const id of open) {
      if (!/^[a-zA-Z0-9_-]+$/.test(id)) wrong.push(`tool id ${id}`);
      if (ids.has(id)) wrong.push(`tool id twice: ${id}`);
      ids.add(id);
    }
    const next = body.messages[index + 1]?.content ?? [];
    const answered = next.flatMap(({ type, tool_use_id = '' }) => (type === 'tool_result' ? tool_use_id : []));
    if (open.join() !== answered.join()) wrong.push(`calls ${open.join()} are answered by ${answered.join()}`);
    const firstOther = content.findIndex(({ type }) => type !== 'tool_result');
    if (firstOther !== -1 && content.slice(firstOther).some(({ type }) => type === 'tool_result')) {
      wrong.push('a tool result after other content');
    }
  }
  return wrong;
}
