import OpenAI, { AuthenticationError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { beforeEach, describe, expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import {
  type ModelReply,
  type ModelServer,
  plainReply,
  type SeenRequest,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import type { SpokenAnswer } from '../fakes/llm/wire.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const ANSWER = ['one ', 'two'];
const TOKEN = 'token-of-the-openai-test-0000001';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WIRES = [
  { kind: 'anthropic', id: 'anthropic/claude-sonnet-5', wire: anthropicWire },
  { kind: 'openai', id: 'openai/gpt-5-mini', wire: chatWire },
] as const;
const servers = new Map<string, ModelServer>();
/** What the providers answer next. */
let answer: SpokenAnswer | ModelReply = { text: ANSWER };

const shared = sharedServe(async (onEnd) => {
  for (const { kind, wire } of WIRES) {
    const reply = (): ModelReply => ('pieces' in answer ? answer : { pieces: wire.speak(answer) });
    const server = await startModelServer([reply]);
    servers.set(kind, server);
    onEnd(() => server.close());
  }
  const [anthropic, openai] = WIRES.map(({ kind }) => servers.get(kind)?.url ?? '');
  const keys = { ANTHROPIC_API_KEY: 'made-up-key', OPENAI_API_KEY: 'made-up-key' };
  return {
    env: {
      ...keys,
      ANTHROPIC_BASE_URL: anthropic ?? '',
      OPENAI_BASE_URL: `${openai}/v1`,
      DASHBOARD_TOKEN: TOKEN,
      LLM_RETRY_COUNT: '0',
    },
  };
});
beforeEach(() => {
  answer = { text: ANSWER };
});

const client = (apiKey = TOKEN): OpenAI =>
  new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${shared().state().ports.http}/v1`, maxRetries: 0 });
const hello = [{ role: 'user' as const, content: 'hello' }];
const lastRequest = (kind = 'anthropic'): SeenRequest => {
  const seen = servers.get(kind)?.requests.at(-1);
  if (seen === undefined) throw new Error('the provider was not asked');
  return seen;
};
const weather = {
  type: 'function' as const,
  function: { name: 'weather', description: 'Tells it.', parameters: { type: 'object', properties: {} } },
};

test('the official client lists the models', async () => {
  const { data } = await client().models.list();
  expect(data.map(({ id }) => id)).toContain('claw');
  expect(data.every(({ object }) => object === 'model')).toBe(true);
});

test('the official client gets an answer, which is in the books', async () => {
  const answer = await client().chat.completions.create({ model: 'claw', messages: hello });
  expect(answer.choices[0]).toMatchObject({
    finish_reason: 'stop',
    message: { role: 'assistant', content: 'one two' },
  });
  expect(answer.usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 });
  const { home } = shared();
  const { json } = await runClawJson(['conversation', 'list', '--origin', 'openai'], { home });
  expect(json).toMatchObject([{ title: 'hello', messages: 2 }]);
  expect((await runClawJson(['conversation', 'list'], { home })).json).toEqual([]);
  expect((await runClawJson(['cost'], { home })).json).toMatchObject([
    { calls: 1, input_tokens: 120, output_tokens: 30 },
  ]);
});

test('the official client streams it, with usage when it asks', async () => {
  const stream = await client().chat.completions.create({
    model: 'claw',
    messages: hello,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await Array.fromAsync(stream);
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('one two');
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual(['stop']);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 150 } });
});

test('what was said before goes along as the messages that it was', async () => {
  const messages = [
    { role: 'system' as const, content: 'Speak like a sailor.' },
    { role: 'user' as const, content: 'My boat is red.' },
    { role: 'assistant' as const, content: 'Aye.' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Which colour?' }] },
  ];
  await client().chat.completions.create({ model: 'claw', messages, tool_choice: 'none' });
  const seen = lastRequest();
  expect(anthropicWire.system(seen)).toContain('Speak like a sailor.');
  expect((seen.body as { messages: { role: string }[] }).messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'user',
  ]);
  expect(anthropicWire.texts(seen)).toEqual(expect.arrayContaining(['My boat is red.', 'Aye.', 'Which colour?']));
  expect(anthropicWire.tools(seen)).toEqual([]);
});

test("claw's own tools are offered when the caller has none", async () => {
  await client().chat.completions.create({ model: 'claw', messages: hello });
  expect(anthropicWire.tools(lastRequest()).length).toBeGreaterThan(0);
});

describe.each(WIRES)('tools of the caller, $kind', ({ kind, id, wire }) => {
  const asked = { model: id, messages: hello, tools: [weather] };

  test('are all that the model gets, and its calls come back', async () => {
    answer = { calls: [{ id: 'call_1', name: 'weather', input: { place: 'Oslo' } }] };
    const { choices } = await client().chat.completions.create(asked);
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"place":"Oslo"}' } }],
      },
    });
    const seen = lastRequest(kind);
    expect(wire.complaints(seen)).toEqual([]);
    expect(wire.tools(seen)).toEqual(['weather']);
    expect(wire.system(seen)).toBe('');
  });

  test('come as deltas with an index, which the client puts together', async () => {
    const calls = [
      { id: 'call_1', name: 'weather', input: { place: 'Oslo' } },
      { id: 'call_2', name: 'weather', input: { place: 'Rome' } },
    ];
    answer = { text: ['Let me see.'], calls };
    const final = await client().chat.completions.stream(asked).finalChatCompletion();
    expect(final.choices[0]?.finish_reason).toBe('tool_calls');
    expect(final.choices[0]?.message.content).toBe('Let me see.');
    expect(final.choices[0]?.message.tool_calls?.map((call) => [call.id, call.type])).toEqual([
      ['call_1', 'function'],
      ['call_2', 'function'],
    ]);
  });

  test('answer in the next request, paired by id', async () => {
    const call = { id: 'call_1', type: 'function' as const, function: { name: 'weather', arguments: '{}' } };
    const messages = [
      ...hello,
      { role: 'assistant' as const, content: null, tool_calls: [call] },
      { role: 'tool' as const, tool_call_id: 'call_1', content: 'rain' },
    ];
    const { choices } = await client().chat.completions.create({ ...asked, messages });
    expect(choices[0]?.message.content).toBe('one two');
    const seen = lastRequest(kind);
    expect(wire.complaints(seen)).toEqual([]);
    expect(wire.calls(seen)).toMatchObject([{ id: 'call_1', name: 'weather' }]);
    expect(wire.results(seen)).toEqual([{ id: 'call_1', output: 'rain' }]);
    expect(wire.texts(seen)).toEqual(['hello']);
  });

  test('limits and choices reach the provider', async () => {
    const choice = { type: 'function' as const, function: { name: 'weather' } };
    const more = { max_completion_tokens: 77, temperature: 0.5, stop: ['END'], tool_choice: choice };
    await client().chat.completions.create({ ...asked, ...more });
    const body = lastRequest(kind).body as Record<string, unknown>;
    expect(wire.maxTokens(lastRequest(kind))).toBe(77);
    expect(body).toMatchObject({ temperature: 0.5 });
    expect(body['stop_sequences'] ?? body['stop']).toEqual(['END']);
    expect(body['tool_choice']).toEqual(kind === 'anthropic' ? { type: 'tool', name: 'weather' } : choice);
  });

  test('pictures go along', async () => {
    const url = `data:image/png;base64,${PNG}`;
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'image_url' as const, image_url: { url } },
    ];
    await client().chat.completions.create({ ...asked, messages: [{ role: 'user', content }] });
    expect(wire.images(lastRequest(kind))).toEqual([{ mediaType: 'image/png', data: PNG }]);
  });
});

test('private notes of the model stay here', async () => {
  answer = { text: ['<inter', 'nal>secret</internal>open'] };
  const { choices } = await client().chat.completions.create({ model: 'claw', messages: hello, tools: [weather] });
  expect(choices[0]?.message.content).toBe('open');
});

const picture = { type: 'image_url' as const, image_url: { url: 'http://127.0.0.1:1/cat.png' } };
const call = { id: 'c1', type: 'function' as const, function: { name: 'weather', arguments: '{}' } };
test.each([
  ['n', { n: 2 }, 'n'],
  ['a remote picture', { messages: [{ role: 'user' as const, content: [picture] }] }, 'messages.0.content'],
  ['no messages', { messages: [] }, 'messages'],
  [
    'a result without its call',
    { messages: [{ role: 'tool' as const, tool_call_id: 'x', content: '' }] },
    'messages.0',
  ],
  [
    'a call without its result',
    { messages: [...hello, { role: 'assistant' as const, tool_calls: [call] }, ...hello] },
    'messages.2',
  ],
  ['a choice without tools', { tool_choice: 'required' as const }, 'tool_choice'],
  ['a format', { response_format: { type: 'json_object' as const } }, 'response_format.type'],
  ['probabilities', { logprobs: true }, 'logprobs'],
])('what cannot be honoured is refused by name: %s', async (_, more, param) => {
  const refused = await client()
    .chat.completions.create({ model: 'claw', messages: hello, ...more })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused).toMatchObject({ type: 'invalid_request_error', param: expect.stringContaining(param) as string });
});

test('what changes no answer is passed over', async () => {
  const more = { user: 'someone', seed: 1, metadata: { a: 'b' }, store: false };
  await expect(client().chat.completions.create({ model: 'claw', messages: hello, ...more })).resolves.toBeDefined();
});

test.each([false, true])(
  'failures have their status and the shape that the client knows, streamed: %s',
  async (stream) => {
    const ask = (model: string, key = TOKEN) => client(key).chat.completions.create({ model, messages: hello, stream });
    await expect(ask('claw', 'wrong')).rejects.toBeInstanceOf(AuthenticationError);
    await expect(ask('google/gemini-2.5-flash')).rejects.toBeInstanceOf(NotFoundError);
    answer = plainReply(400, anthropicWire.errorBody(400, 'too long'));
    await expect(ask('claw')).rejects.toBeInstanceOf(BadRequestError);
    answer = plainReply(404, anthropicWire.errorBody(404, 'no such model'));
    await expect(ask('anthropic/none')).rejects.toBeInstanceOf(NotFoundError);
    answer = plainReply(401, anthropicWire.errorBody(401, 'bad key'));
    await expect(ask('claw')).rejects.toMatchObject({ status: 502 });
    answer = plainReply(429, anthropicWire.errorBody(429, 'slower'));
    await expect(ask('claw')).rejects.toBeInstanceOf(RateLimitError);
  },
);
