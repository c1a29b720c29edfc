import { expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import {
  DISCONNECT,
  type ModelReply,
  plainReply,
  type ReplySource,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import { ask } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

interface Bill {
  calls: number;
  input_tokens: number;
  output_tokens: number;
}

/** What the stand-in bills, by user. */
const bills = new Map<string, Bill>();
let requests = 0;
let overloaded = 0;
let broken = 0;

/** Answers as the newest message asks, each time for other counts; `of NAME` says who pays. */
const reply: ReplySource = (request) => {
  requests += 1;
  const said = anthropicWire.texts(request).join('\n');
  const who = said.match(/of (\w+)/)?.[1] ?? '';
  const last = JSON.stringify((request.body as { messages: unknown[] }).messages.at(-1));
  if (last.includes('fail')) return plainReply(400, anthropicWire.errorBody(400, 'no'));
  if (last.includes('busy') && (overloaded += 1) % 2 === 1)
    return plainReply(529, anthropicWire.errorBody(529, 'busy'));
  const usage = { input: 1_000 + requests, output: 30 + requests, cached: 100, cacheWrite: 10 };
  const pay = (): void => {
    const bill = bills.get(who) ?? { calls: 0, input_tokens: 0, output_tokens: 0 };
    bills.set(who, {
      calls: bill.calls + 1,
      input_tokens: bill.input_tokens + usage.input,
      output_tokens: bill.output_tokens + usage.output,
    });
  };
  if (last.includes('shatters') || (last.includes('breaks') && (broken += 1) % 2 === 1)) {
    // Billed for what it read and the token it says it wrote, though nothing of an answer came.
    usage.output = 1;
    pay();
    return { pieces: [...anthropicWire.speak({ text: ['no'], usage }).slice(0, 1), DISCONNECT] };
  }
  const answer = (spoken: Parameters<typeof anthropicWire.speak>[0]): ModelReply => {
    pay();
    return { pieces: anthropicWire.speak({ ...spoken, usage }) };
  };
  if (last.includes('tool_result')) return answer({ text: ['done'] });
  if (last.includes('call')) return answer({ calls: [{ name: 'echo_of_nobody', input: {} }] });
  if (last.includes('silent')) return answer({ text: [] });
  if (last.includes('cut')) return answer({ text: ['half'], stop: 'max-output-tokens' });
  return answer({ text: ['yes'] });
};

let env: Record<string, string> = {};
const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([reply]);
  onEnd(() => server.close());
  env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5-5',
    LLM_RETRY_COUNT: '1',
    LLM_RETRY_BASE_DELAY: '0.01',
    API_RATE_LIMIT: '10000',
    MAX_DAILY_CALLS: '0',
    TIMEZONE: 'Asia/Seoul',
  };
  return { env };
});

const claw = async (...args: string[]) =>
  (await runClawJson(args, { home: shared().home, env, timeoutMs: 30_000 })).json;
const person = async (name: string): Promise<Record<string, string>> => {
  const { api_key } = (await claw('user', 'create', name)) as { api_key: string };
  return { authorization: `Bearer ${api_key}` };
};
type Line = Bill & { readonly [name: string]: unknown };
const summed = (lines: readonly Line[]): Bill => ({
  calls: lines.reduce((sum, line) => sum + line.calls, 0),
  input_tokens: lines.reduce((sum, line) => sum + line.input_tokens, 0),
  output_tokens: lines.reduce((sum, line) => sum + line.output_tokens, 0),
});
/** Calls that a provider refused are kept with no tokens; nobody bills them. */
const billed = (lines: readonly Line[]): Bill => ({ ...summed(lines), calls: 0 });

test("what is told to be spent is the provider's bill to the token, by every grouping and surface", async () => {
  const alice = await person('alice');
  const bob = await person('bob');
  const words = ['hello', 'fail', 'call', 'busy', 'silent', 'cut', 'call', 'fail', 'hello', 'breaks', 'shatters'];
  for (const [name, headers] of [
    ['alice', alice],
    ['bob', bob],
  ] as const) {
    await Promise.all(
      words.map((word) => ask(shared(), '/api/v1/chat', { body: { message: `${word} of ${name}` }, headers })),
    );
    await claw('chat', '-p', `hello of ${name}`, '--user', name);
  }
  const total = { calls: 0, input_tokens: 0, output_tokens: 0 };
  for (const name of ['alice', 'bob']) {
    const bill = bills.get(name) ?? total;
    total.input_tokens += bill.input_tokens;
    total.output_tokens += bill.output_tokens;
    expect(billed((await claw('cost', '--user', name)) as Line[])).toEqual({ ...bill, calls: 0 });
  }
  for (const by of ['day', 'user', 'model', 'room', 'task', 'tool']) {
    const lines = (await claw('cost', '--by', by)) as Line[];
    expect([by, billed(lines)]).toEqual([by, total]);
    const { json } = await ask(shared(), `/api/v1/costs?by=${by}`);
    expect(json).toEqual(lines);
  }
  const zoned = Temporal.Now.plainDateISO('Asia/Seoul').toString();
  expect((await claw('cost')) as Line[]).toMatchObject([{ day: zoned }]);
  const byTool = (await claw('cost', '--by', 'tool')) as Line[];
  expect(new Set(byTool.map(({ tool }) => tool))).toEqual(new Set(['echo_of_nobody', null]));
}, 60_000);

test('who is no admin sees and sets nothing of others', async () => {
  const carol = await person('carol');
  await ask(shared(), '/api/v1/chat', { body: { message: 'hello of carol' }, headers: carol });
  const own = await ask(shared(), '/api/v1/costs?by=user', { headers: carol });
  expect(own.json).toMatchObject([{ user: 'carol', calls: 1 }]);
  for (const path of ['/api/v1/costs?user=alice', '/api/v1/budgets?all=true']) {
    expect([path, (await ask(shared(), path, { headers: carol })).status]).toEqual([path, 403]);
  }
  const body = { scope: 'user', name: 'carol', budgets: ['9/day'] };
  expect((await ask(shared(), '/api/v1/budgets', { method: 'PUT', body, headers: carol })).status).toBe(403);
  expect((await ask(shared(), '/api/v1/costs?user=carol')).json).toMatchObject([{ calls: 1 }]);
});

test('budgets are set, shown and taken away over the API as on the command line', async () => {
  const dora = await person('dora');
  const body = { scope: 'user', name: 'dora', budgets: ['5/day', '100calls/month'] };
  const set = await ask(shared(), '/api/v1/budgets', { method: 'PUT', body });
  expect([set.status, set.json]).toMatchObject([200, [{ budget: '100calls/month' }, { budget: '5/day', amount: 5 }]]);
  expect((await ask(shared(), '/api/v1/budgets', { headers: dora })).json).toEqual(
    await claw('budget', 'list', '--own', '--by', 'dora'),
  );
  expect((await ask(shared(), '/api/v1/budgets?all=true')).json).toEqual(await claw('budget', 'list'));
  const wrong = await ask(shared(), '/api/v1/budgets', { method: 'PUT', body: { ...body, budgets: ['a lot'] } });
  expect(wrong.status).toBe(400);
  const gone = await ask(shared(), '/api/v1/budgets?scope=user&name=dora', { method: 'DELETE' });
  expect([gone.status, gone.json]).toEqual([200, []]);
});

test('budgets are given with the user, and stand in their page and in the status', async () => {
  await person('emil');
  const updated = await claw('user', 'update', 'emil', '--budget', '5/day', '--budget', '100000tokens/month');
  const budgets = [{ budget: '5/day', name: 'emil' }, { budget: '100000tokens/month' }];
  expect(updated).toMatchObject({ username: 'emil', budgets });
  expect(await claw('user', 'show', 'emil')).toMatchObject({ role: 'user', budgets });
  expect(await claw('status')).toMatchObject({
    running: true,
    budgets: expect.arrayContaining([expect.objectContaining({ name: 'emil', budget: '5/day' })]),
  });
  expect(await claw('user', 'update', 'emil', '--budget', 'much')).toMatchObject({ error: { code: 'usage-invalid' } });
  expect(await claw('user', 'update', 'emil', '--budget', 'none')).toMatchObject({ budgets: [] });
}, 60_000);
