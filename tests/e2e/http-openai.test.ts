import OpenAI, { AuthenticationError, BadRequestError } from 'openai';
import { expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { type ModelServer, startModelServer } from '../fakes/llm/model-server.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const ANSWER = ['one ', 'two'];
let model: ModelServer | undefined;
const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([{ pieces: anthropicWire.speak({ text: ANSWER }) }]);
  model = server;
  onEnd(() => server.close());
  return { env: { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: server.url, DASHBOARD_TOKEN: TOKEN } };
});
const TOKEN = 'token-of-the-openai-test-0000001';

const client = (apiKey = TOKEN): OpenAI =>
  new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${shared().state().ports.http}/v1`, maxRetries: 0 });
const hello = [{ role: 'user' as const, content: 'hello' }];

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
  const { json } = await runClawJson(['conversation', 'list'], { home: shared().home });
  expect(json).toMatchObject([{ title: 'hello', messages: 2 }]);
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

test('what was said before goes along', async () => {
  const messages = [
    { role: 'system' as const, content: 'Speak like a sailor.' },
    { role: 'user' as const, content: 'My boat is red.' },
    { role: 'assistant' as const, content: 'Aye.' },
    { role: 'user' as const, content: [{ type: 'text' as const, text: 'Which colour?' }] },
  ];
  await client().chat.completions.create({ model: 'claw', messages, tool_choice: 'none' });
  const sent = JSON.stringify(model?.requests.at(-1)?.body);
  for (const words of ['Speak like a sailor.', 'My boat is red.', 'Which colour?']) expect(sent).toContain(words);
});

test('errors have the shape that the client knows', async () => {
  await expect(client('wrong').models.list()).rejects.toBeInstanceOf(AuthenticationError);
  const call = client().chat.completions;
  const tools = [{ type: 'function' as const, function: { name: 'x', parameters: {} } }];
  const refused = await call.create({ model: 'claw', messages: hello, tools }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BadRequestError);
  expect(refused).toMatchObject({ param: 'tools', type: 'invalid_request_error', code: 'usage-invalid' });
  await expect(call.create({ model: 'claw', messages: [] })).rejects.toMatchObject({ param: 'messages' });
});
