import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { HANG, type ModelServer, plainReply, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const LIGHT = 'claude-haiku-4-5';
const MAIN = 'claude-sonnet-5-5';
const says = (text: string) => ({ pieces: anthropicWire.speak({ text: [text] }) });

/** Both models behind one address; the cheap one does what the words ask for. */
const reply: ReplySource = (request) => {
  const { model } = request.body as { model: string };
  if (model === MAIN) return says('main answer');
  const said = JSON.stringify((request.body as { messages: unknown[] }).messages.at(-1));
  if (said.includes('entropy')) return { pieces: anthropicWire.speak({ calls: [{ name: 'escalate', input: {} }] }) };
  if (said.includes('osmosis')) return plainReply(529, anthropicWire.errorBody(529, 'busy'));
  if (said.includes('inertia')) return { pieces: [...anthropicWire.opening(), HANG] };
  if (said.includes('gravity')) return { pieces: anthropicWire.speak({ text: ['I'], stop: 'refusal' }) };
  if (said.includes('friction')) return says('<internal>hm</internal>I cannot access real-time data.');
  if (said.includes('quantum')) return { pieces: anthropicWire.speak({ text: ['draft'], stop: 'max-output-tokens' }) };
  return says('light answer');
};

let server: ModelServer | undefined;
let env: Record<string, string> = {};
const shared = sharedServe(async (onEnd) => {
  const started = await startModelServer([reply]);
  server = started;
  onEnd(() => started.close());
  env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: started.url,
    LLM_MODEL: `anthropic/${MAIN}`,
    LIGHT_MODEL: `anthropic/${LIGHT}`,
    LIGHT_TIMEOUT: '1',
    ROUTER_ENABLED: 'true',
    LLM_RETRY_COUNT: '2',
    LLM_RETRY_BASE_DELAY: '0.2',
    API_RATE_LIMIT: '10000',
    MAX_DAILY_CALLS: '0',
  };
  return { env };
});

const newUser = async (name: string): Promise<Record<string, string>> => {
  const { json } = await runClawJson(['user', 'create', name], { home: shared().home, env, timeoutMs: 30_000 });
  return { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
};

interface Said {
  readonly answer: string;
  readonly models: string[];
  readonly conversationId: string;
  readonly route: Record<string, unknown> | null;
  readonly messages: { role: string; parts: { text?: string }[] }[];
}

/** Sends one message and tells which models were asked, and what was kept. */
async function say(message: string, more: Record<string, unknown> = {}): Promise<Said> {
  const before = server?.requests.length ?? 0;
  const { json } = await ask(shared(), '/api/v1/chat', { body: { message, ...more } });
  const said = json as { text?: string; response?: string; conversation_id: string };
  const models = (server?.requests.slice(before) ?? []).map(({ body }) => (body as { model: string }).model);
  const story = (await ask(shared(), `/api/v1/conversations/${said.conversation_id}/story`)).json as {
    turns: { route: Record<string, unknown> | null }[];
    messages: Said['messages'];
  };
  const route = story.turns.at(-1)?.route ?? null;
  const answer = said.response ?? said.text ?? JSON.stringify(json);
  return { answer, models, conversationId: said.conversation_id, route, messages: story.messages };
}

describe('cheap first', () => {
  test.each(['hello', '안녕하세요', 'thanks a lot!', "what does 'ephemeral' mean?", '고마워 ㅎㅎ'])(
    '%s goes to the cheap model alone, with one small tool',
    async (message) => {
      const { answer, models, route } = await say(message);
      expect([answer, models]).toEqual(['light answer', [LIGHT]]);
      expect(route).toMatchObject({ tier: 'light', escalated: false, model: `anthropic/${LIGHT}` });
      expect(route?.['cost_usd']).toBeGreaterThan(0);
      const body = server?.requests.at(-1)?.body as { tools: { name: string }[] };
      expect(body.tools.map(({ name }) => name)).toEqual(['escalate']);
      expect(JSON.stringify(body).length).toBeLessThan(2_500);
    },
  );

  test.each([
    'delete all files in my workspace',
    'run npm test',
    'remember my birthday is May 3',
    '작업 폴더의 파일을 모두 삭제해줘',
    'npm test 실행해줘',
    '내 생일은 5월 3일이야, 기억해줘',
    'hi! delete all my files',
  ])('%s goes to the main model at once', async (message) => {
    const { models, route } = await say(message);
    expect(models).toEqual([MAIN]);
    expect(route).toMatchObject({ tier: 'main', escalated: false, model: `anthropic/${MAIN}` });
  });

  test.each([
    ['what is entropy?', 'asked for tools'],
    ['what is osmosis?', 'overloaded'],
    ['what is inertia?', 'timeout'],
    ['what is gravity?', 'refusal'],
    ['what is friction?', 'cannot'],
    ['what is a quantum leap?', 'too long'],
  ])('%s is taken over by the main model once (%s), and no draft is shown or kept', async (message, why) => {
    const { answer, models, route, messages } = await say(message);
    expect([answer, models]).toEqual(['main answer', [LIGHT, MAIN]]);
    expect(route).toMatchObject({ tier: 'light', escalated: true, escalated_why: why, model: `anthropic/${MAIN}` });
    expect(route?.['ms']).toBeGreaterThan(0);
    expect(route?.['output_tokens']).toBeGreaterThan(0);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(messages[1]?.parts.map(({ text }) => text)).toEqual(['main answer']);
  });

  test('a wish for a better answer goes to the main model, and the light answer counts as taken over', async () => {
    const first = await say('hello');
    const { models, route } = await say('더 잘 해봐', { conversation_id: first.conversationId });
    expect(models).toEqual([MAIN]);
    expect(route).toMatchObject({ tier: 'main', reason: 'asked for more' });
    const own = (await ask(shared(), '/api/v1/routes?limit=2')).json;
    expect(own).toMatchObject([{ tier: 'main' }, { tier: 'light', escalated: true, escalated_why: 'asked for more' }]);
    // What was said stays as it was: the main model sees the light answer in the history.
    const body = JSON.stringify(server?.requests.at(-1)?.body);
    expect(body).toContain('light answer');
  });

  test('whoever names a model gets it', async () => {
    const { models, route } = await say('hello', { model: `anthropic/${MAIN}` });
    expect([models, route]).toEqual([[MAIN], null]);
  });

  test('a model chosen for a user is theirs, light or not', async () => {
    const headers = await newUser('nora');
    const options = { home: shared().home, env, timeoutMs: 30_000 };
    await runClaw(['model', 'set', `anthropic/${MAIN}`, '--user', 'nora'], options);
    const before = server?.requests.length ?? 0;
    await ask(shared(), '/api/v1/chat', { body: { message: 'hello' }, headers });
    expect(server?.requests.slice(before).map(({ body }) => (body as { model: string }).model)).toEqual([MAIN]);
    expect((await ask(shared(), '/api/v1/routes', { headers })).json).toEqual([]);
  }, 60_000);

  test('offline stays offline', async () => {
    const { ANTHROPIC_API_KEY: _key, LLM_MODEL: _model, ...rest } = env;
    const before = server?.requests.length;
    const { json } = await runClawJson(['chat', '-p', 'hello'], { env: rest, timeoutMs: 30_000 });
    expect(json).toMatchObject({ model: expect.stringContaining('offline') });
    expect(server?.requests.length).toBe(before);
  }, 60_000);

  test('after kill -9 in the light answer the main model goes on, and the row says so', async () => {
    const own = await startModelServer([
      (request) =>
        (request.body as { model: string }).model === MAIN
          ? says('main answer')
          : { pieces: [...anthropicWire.opening(), HANG] },
    ]);
    const home = await temporaryDirectory();
    const options = { home, env: { ...env, ANTHROPIC_BASE_URL: own.url, LIGHT_TIMEOUT: '60' }, timeoutMs: 30_000 };
    try {
      const child = await startClaw(['chat', '-p', 'hello'], options);
      child.stdin.end();
      await own.arrived(1);
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      const [{ id }] = (await runClawJson(['conversation', 'list'], options)).json as [{ id: string }];
      const again = await runClawJson(['chat', '-p', 'are you there?', '--resume', id], options);
      expect(again.json).toMatchObject({ text: 'main answer', model: `anthropic/${MAIN}` });
      const { turns } = (await runClawJson(['conversation', 'show', id], options)).json as { turns: unknown[] };
      expect(turns).toMatchObject([{ route: { tier: 'light', escalated: true, escalated_why: 'the process ended' } }]);
    } finally {
      await own.close();
    }
  }, 60_000);

  test('a budget that is used up refuses the cheap model too', async () => {
    const budget = { scope: 'user', name: 'poor', budgets: ['1calls/day'] };
    const headers = await newUser('poor');
    await ask(shared(), '/api/v1/budgets', { method: 'PUT', body: budget });
    const first = await ask(shared(), '/api/v1/chat', { body: { message: 'hello' }, headers });
    expect(first.status).toBe(200);
    const before = server?.requests.length;
    const second = await ask(shared(), '/api/v1/chat', { body: { message: 'hello' }, headers });
    expect(second.text).toContain('limit-reached');
    expect(server?.requests.length).toBe(before);
  });

  test('counts are told by the API, the metrics, the status and the costs; decisions are everybody’s own', async () => {
    await say('hello');
    const counts = (await ask(shared(), '/api/v1/routes/counts')).json as { tier: string; turns: number }[];
    expect(counts.find(({ tier }) => tier === 'light')?.turns).toBeGreaterThan(0);
    const headers = await newUser('rosa');
    expect((await ask(shared(), '/api/v1/routes', { headers })).json).toEqual([]);
    expect((await ask(shared(), '/api/v1/routes/counts', { headers })).json).toEqual([]);
    expect((await ask(shared(), '/metrics')).text).toMatch(
      /claw_route_decisions_total\{tier="light",escalated="no"\} [1-9]/,
    );
    const options = { home: shared().home, env, timeoutMs: 30_000 };
    expect((await runClaw(['cost'], options)).stdout).toMatch(/Cheap first: \d+ of \d+ turns/);
    expect((await runClawJson(['status'], options)).json).toMatchObject({
      routes_today: expect.arrayContaining([expect.objectContaining({ tier: 'light' })]),
    });
  }, 60_000);

  test('the decision is explained without calling anybody', async () => {
    const before = server?.requests.length;
    const options = { home: shared().home, env, timeoutMs: 30_000 };
    const explained = await runClawJson(['model', 'route', 'hello'], options);
    expect(explained.json).toMatchObject({
      tier: 'light',
      reason: 'greeting',
      enabled: true,
      model: `anthropic/${LIGHT}`,
    });
    const other = await runClawJson(['model', 'route', 'npm test 실행해줘'], options);
    expect(other.json).toMatchObject({ tier: 'main', model: null });
    const off = await runClawJson(['model', 'route', 'hello'], { home: shared().home, timeoutMs: 30_000 });
    expect(off.json).toMatchObject({ tier: 'light', enabled: false });
    expect(server?.requests.length).toBe(before);
  }, 60_000);
});
