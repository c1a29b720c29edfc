import { join } from 'node:path';
import { expect, test } from 'vitest';
import { estimateTokens } from '../../src/core/kernel/estimate-tokens.ts';
import { openStore, type Store } from '../../src/core/store/store.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { type ReplySource, type SeenRequest, startModelServer } from '../fakes/llm/model-server.ts';
import { ask, type HttpAnswer } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

/** What the stand-in bills for a request: at $2 and $10 a million tokens, $0.004 unless the message asks for bytes. */
function bill(request: SeenRequest): { input: number; output: number } {
  const said = anthropicWire.texts(request).join('\n');
  if (!said.includes('by bytes')) return { input: 1_000, output: 200 };
  const { messages, system, tools = [] } = request.body as { messages: unknown; system: unknown; tools?: unknown };
  const input = Buffer.byteLength(said) + estimateTokens(JSON.stringify([system, tools]));
  return {
    input: Math.max(input, Buffer.byteLength(JSON.stringify(messages)) - 400),
    output: anthropicWire.maxTokens(request),
  };
}

let billed: { input: number; output: number }[] = [];
const reply: ReplySource = (request) => {
  const usage = bill(request);
  billed.push(usage);
  return { pieces: anthropicWire.speak({ text: ['yes'], usage }) };
};

let env: Record<string, string> = {};
const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([reply]);
  onEnd(() => server.close());
  env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5-5',
    API_RATE_LIMIT: '10000',
    MAX_DAILY_CALLS: '0',
    TIMEZONE: 'Asia/Seoul',
  };
  return { env };
});

const claw = (...args: string[]) => runClawJson(args, { home: shared().home, env, timeoutMs: 60_000 });

/** A new user with a budget, and how to talk as them. */
async function person(name: string, budget: string) {
  billed = [];
  const { api_key: key } = (await claw('user', 'create', name)).json as { api_key: string };
  await claw('budget', 'set', budget, '--user', name);
  const headers = { authorization: `Bearer ${key}` };
  const say = (message: string, more: object = {}): Promise<HttpAnswer> =>
    ask(shared(), '/api/v1/chat', { body: { message, tools: false, ...more }, headers });
  const used = async (): Promise<{ used: number; reserved: number }> => {
    const [row] = (await claw('budget', 'list', '--own', '--by', name)).json as [{ used: number; reserved: number }];
    return row;
  };
  return { say, used, headers };
}

const microUsd = (): number => billed.reduce((sum, { input, output }) => sum + input * 2 + output * 10, 0);

async function withStore<T>(read: (store: Store) => Promise<T>): Promise<T> {
  const { home } = shared();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: Date.now() });
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

test('of 100 turns of $0.004 at once exactly two pass a budget of $0.01, processes beside the server included', async () => {
  const { say, used } = await person('alice', '0.01/day');
  const [answers, runs] = await Promise.all([
    Promise.all(Array.from({ length: 100 }, (_, index) => say(`question ${index}`))),
    Promise.all([1, 2, 3].map(() => claw('chat', '-p', 'hello', '--no-tools', '--user', 'alice'))),
  ]);
  const good = answers.filter(({ status }) => status === 200).length + runs.filter(({ code }) => code === 0).length;
  expect(good).toBe(2);
  expect(billed).toHaveLength(2);
  expect(runs.filter(({ code }) => code !== 0 && code !== 11)).toEqual([]);
  expect(await used()).toMatchObject({ used: 0.008, reserved: 0 });
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
  for (const { json, headers } of refused) {
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(json).toMatchObject({
      code: 'limit-reached',
      detail: expect.stringMatching(
        /daily budget of the user alice.*\$0\.008 of \$0\.01 used.*renews at \d{4}-\d\d-\d\d 00:00 \(Asia\/Seoul\)/,
      ),
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  }
  await withStore(async ({ inbound, journal }) => {
    expect(await journal.runningTurns()).toEqual([]);
    expect(await inbound.depths()).toEqual({});
  });
}, 60_000);

test('a tokenizer that makes a token of every byte of what people write passes no budget', async () => {
  const { say, used } = await person('bob', '0.05/day');
  const answers: HttpAnswer[] = [];
  for (const size of [10, 900, 4_000, 300, 2_000, 5_000, 60, 1_000, 3_000, 10]) {
    answers.push(await say(`by bytes ${'한\u0000"\\'.repeat(Math.ceil(size / 6))}`));
  }
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  expect(microUsd()).toBeLessThanOrEqual(50_000);
  expect(Math.round((await used()).used * 1e6)).toBe(microUsd());
}, 60_000);

test('the whole fixed prompt with its tools fits into $0.02', async () => {
  const { say } = await person('carol', '0.02/day');
  expect((await say('hi', { tools: true })).status).toBe(200);
}, 60_000);
