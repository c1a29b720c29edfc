/** Speaks OpenAI's Responses API, from https://developers.openai.com/api/reference/resources/responses. */
import { halves } from './anthropic-wire.ts';
import { sse, type SeenRequest } from './model-server.ts';
import { DEFAULT_USAGE, stopOf, type SpokenAnswer, type Wire } from './wire.ts';

interface Content {
  type: string;
  text?: string;
  image_url?: string;
}
interface Item {
  type: string;
  role?: string;
  content?: string | Content[];
  call_id?: string;
  name?: string;
  arguments?: string;
  output?: string;
  encrypted_content?: string;
}
interface Body {
  model: string;
  instructions?: string;
  input: Item[];
  tools?: { name: string }[];
  max_output_tokens: number;
  store?: boolean;
}

const bodyOf = ({ body }: SeenRequest): Body => body as Body;
const contentOf = ({ content }: Item): Content[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
const contents = (request: SeenRequest): Content[] => bodyOf(request).input.flatMap(contentOf);

interface OutputItem {
  readonly item: object;
  readonly events: (index: number) => { type: string; [key: string]: unknown }[];
}

export const responsesWire: Wire = {
  speak(answer) {
    const usage = { ...DEFAULT_USAGE, ...answer.usage };
    let sequence = 0;
    const event = (data: { type: string; [key: string]: unknown }): string =>
      sse({ ...data, sequence_number: sequence++ }, data.type);
    const items = outputItems(answer);
    const stop = stopOf(answer);
    const reasons: Partial<Record<typeof stop, string>> = {
      'max-output-tokens': 'max_output_tokens',
      refusal: 'content_filter',
    };
    const reason = reasons[stop];
    const response = {
      id: 'resp_1',
      object: 'response',
      status: reason === undefined ? 'completed' : 'incomplete',
      incomplete_details: reason === undefined ? null : { reason },
      output: items.map(({ item }) => item),
      usage: {
        input_tokens: usage.input,
        input_tokens_details: { cached_tokens: usage.cached, cache_write_tokens: usage.cacheWrite },
        output_tokens: usage.output,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: usage.input + usage.output,
      },
    };
    return [
      event({
        type: 'response.created',
        response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] },
      }),
      ...items.flatMap(({ item, events }, output_index) => [
        event({ type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } }),
        ...events(output_index).map(event),
        event({ type: 'response.output_item.done', output_index, item }),
      ]),
      event({ type: reason === undefined ? 'response.completed' : 'response.incomplete', response }),
    ];
  },
  opening: () => responsesWire.speak({ text: ['Hello'] }).slice(0, 3),
  errorBody: (_, message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
  overloadedEvent: () =>
    sse({ type: 'error', code: 'overloaded_error', message: 'Overloaded', param: null, sequence_number: 9 }, 'error'),
  malformedEvent: () => sse('{"type":"response.output_text.del', 'response.output_text.delta'),
  complaints,
  system: (request) => bodyOf(request).instructions ?? '',
  texts: (request) => contents(request).flatMap(({ text }) => text ?? []),
  images: (request) =>
    contents(request).flatMap(({ image_url }) => {
      const match = /^data:([^;]+);base64,(.*)$/s.exec(image_url ?? '');
      return match === null ? [] : { mediaType: match[1] ?? '', data: match[2] ?? '' };
    }),
  calls: (request) =>
    bodyOf(request).input.flatMap(({ type, call_id: id = '', name = '', arguments: text = '' }) =>
      type === 'function_call' ? { id, name, input: JSON.parse(text) as unknown } : [],
    ),
  results: (request) =>
    bodyOf(request).input.flatMap(({ type, call_id: id = '', output = '' }) =>
      type === 'function_call_output' ? { id, output } : [],
    ),
  opaques: (request) => bodyOf(request).input.flatMap(({ encrypted_content }) => encrypted_content ?? []),
  tools: (request) => (bodyOf(request).tools ?? []).map(({ name }) => name),
  maxTokens: (request) => bodyOf(request).max_output_tokens,
};

function outputItems(answer: SpokenAnswer): OutputItem[] {
  const reasoning: OutputItem = {
    item: {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: answer.reasoning ?? '' }],
      encrypted_content: answer.opaque ?? null,
    },
    events: (output_index) => [
      { type: 'response.reasoning_summary_part.added', item_id: 'rs_1', output_index, summary_index: 0 },
      {
        type: 'response.reasoning_summary_text.delta',
        item_id: 'rs_1',
        output_index,
        summary_index: 0,
        delta: answer.reasoning,
      },
    ],
  };
  const message: OutputItem = {
    item: { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: [] },
    events: (output_index) =>
      (answer.text ?? []).map((delta) => ({
        type: 'response.output_text.delta',
        item_id: 'msg_1',
        output_index,
        content_index: 0,
        delta,
      })),
  };
  const calls = (answer.calls ?? []).map(({ id, name, input, rawInput }, index): OutputItem => {
    const text = rawInput ?? JSON.stringify(input);
    return {
      item: { type: 'function_call', id: `fc_${index}`, call_id: id ?? `call_${index}`, name, arguments: text },
      events: (output_index) =>
        halves(text).map((delta) => ({
          type: 'response.function_call_arguments.delta',
          item_id: `fc_${index}`,
          output_index,
          delta,
        })),
    };
  });
  return [
    ...(answer.reasoning === undefined ? [] : [reasoning]),
    ...(answer.text === undefined ? [] : [message]),
    ...calls,
  ];
}

function complaints(request: SeenRequest): string[] {
  const { input, store } = bodyOf(request);
  const wrong: string[] = [];
  if (request.path !== '/v1/responses') wrong.push(`not the Responses API: ${request.path}`);
  if (store !== false) wrong.push('the answer would be stored');
  const calls = new Set<string>();
  const results = new Set<string>();
  for (const item of input) {
    const { type, call_id: id = '' } = item;
    if (type === 'function_call') calls.add(id);
    if (type === 'function_call_output' && !calls.has(id))
      wrong.push(`No tool call found for function call output with call_id ${id}`);
    if (type === 'function_call_output') results.add(id);
    if (id.length > 64) wrong.push('a call id longer than 64 characters');
    if (type === 'message' && contentOf(item).length === 0) wrong.push('a message without content');
    if (contentOf(item).some(({ text }) => text?.trim() === '')) wrong.push('empty text');
  }
  for (const id of calls) if (!results.has(id)) wrong.push(`No tool output found for function call ${id}`);
  return wrong;
}
