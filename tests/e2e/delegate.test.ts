import { once } from 'node:events';
import { expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import {
  HANG,
  type ModelServer,
  type ReplySource,
  type SeenRequest,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import { ask } from './http-kit.ts';
import { runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const LIGHT = 'claude-haiku-4-5';
const MAIN = 'claude-sonnet-5-5';
const SECRET = 'ghp_aaaabbbbccccddddeeeeffffgggghhhh1234';

const modelOf = ({ body }: SeenRequest): string => (body as { model: string }).model;
const lastOf = ({ body }: SeenRequest): string => JSON.stringify((body as { messages: unknown[] }).messages.at(-1));
const says = (text: string) => ({ pieces: anthropicWire.speak({ text: [text] }) });
const delegates = (...tasks: string[]) => ({
  pieces: anthropicWire.speak({
    calls: tasks.map((task) => ({ name: 'delegate', input: { task, context: 'the text' } })),
  }),
});

const reply: ReplySource = (request) => {
  const last = lastOf(request);
  if (modelOf(request) === LIGHT) return says(`<internal>no</internal>done: ${SECRET}`);
  if (last.includes('tool_result')) return says('all done');
  if (last.includes('many')) return delegates(...Array.from({ length: 22 }, (_, at) => `part ${at}`));
  return delegates('first half', 'second half');
};

let server: ModelServer | undefined;
const settings = (url: string): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'made-up-key',
  ANTHROPIC_BASE_URL: url,
  LLM_MODEL: `anthropic/${MAIN}`,
  LIGHT_MODEL: `anthropic/${LIGHT}`,
  LLM_RETRY_COUNT: '0',
  API_RATE_LIMIT: '10000',
  MAX_DAILY_CALLS: '0',
});
const shared = sharedServe(async (onEnd) => {
  const started = await startModelServer([reply]);
  server = started;
  onEnd(() => started.close());
  return { env: settings(started.url) };
});

interface Story {
  readonly messages: { role: string; parts: { type: string; output?: string; provenance?: string }[] }[];
  readonly turns: {
    readonly model_calls: { model: string; tools: string; state: string; charged_tokens: number; turn_id: string }[];
    readonly tool_calls: { name: string; status: string; output: string; provenance: string }[];
  }[];
}

async function say(message: string, headers: Record<string, string> = {}) {
  const before = server?.requests.length ?? 0;
  const { json, text } = await ask(shared(), '/api/v1/chat', { body: { message }, headers });
  const { conversation_id: id } = json as { conversation_id: string };
  const story = (await ask(shared(), `/api/v1/conversations/${id}/story`, { headers })).json as Story;
  return { text, story, requests: server?.requests.slice(before) ?? [] };
}

test('a turn hands sub-tasks to the cheap model, which sees only them; answers come back masked, as the output of a tool', async () => {
  const { story, requests } = await say('please split this');
  expect(requests.map(modelOf).toSorted()).toEqual([LIGHT, LIGHT, MAIN, MAIN]);
  const sub = requests.find((request) => modelOf(request) === LIGHT)?.body as Record<string, unknown>;
  expect(sub['tools'] ?? []).toEqual([]);
  expect(JSON.stringify(sub)).not.toContain('please split this');
  const [turn] = story.turns;
  expect(turn?.tool_calls).toMatchObject([
    { name: 'delegate', status: 'ok', provenance: 'tool' },
    { name: 'delegate', status: 'ok', provenance: 'tool' },
  ]);
  expect(turn?.tool_calls[0]?.output).toMatch(/^done: /);
  expect(JSON.stringify(story)).not.toContain(SECRET);
  const light = turn?.model_calls.filter(({ model }) => model.endsWith(LIGHT)) ?? [];
  expect(light).toMatchObject([
    { tools: 'delegate', state: 'done' },
    { tools: 'delegate', state: 'done' },
  ]);
  expect(light.every(({ charged_tokens }) => charged_tokens > 0)).toBe(true);
  // No message of the conversation but the question, the calls, their results and the answer.
  expect(story.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
});

test('one turn hands over a bounded number of sub-tasks', async () => {
  const { story, requests } = await say('split it in many');
  expect(requests.filter((request) => modelOf(request) === LIGHT)).toHaveLength(20);
  const statuses = story.turns[0]?.tool_calls.map(({ status }) => status) ?? [];
  expect(statuses.filter((status) => status === 'ok')).toHaveLength(20);
  expect(story.turns[0]?.tool_calls.find(({ status }) => status !== 'ok')?.output).toContain('at most 20');
});

test('a budget of the tool that is used up refuses sub-tasks before they are made', async () => {
  const budget = { scope: 'tool', name: 'delegate', budgets: ['1calls/day'] };
  expect((await ask(shared(), '/api/v1/budgets', { method: 'PUT', body: budget })).status).toBe(200);
  const { text, requests } = await say('please split this again');
  expect(text).toContain('budget of the tool delegate');
  expect(requests.map(modelOf)).toEqual([MAIN]);
  await ask(shared(), '/api/v1/budgets?scope=tool&name=delegate', { method: 'DELETE' });
});

test('without a cheap model nobody is told of the tool', async () => {
  const { LIGHT_MODEL: _light, ...env } = settings(server?.url ?? '');
  const { json } = await runClawJson(['chat', '-p', 'split'], { env, timeoutMs: 30_000 });
  expect(json).toMatchObject({ tools: [{ name: 'delegate', status: 'error' }, { status: 'error' }] });
  const body = server?.requests.at(-1)?.body as { tools: { name: string }[] };
  expect(body.tools.map(({ name }) => name)).not.toContain('delegate');
}, 60_000);

test('after kill -9 a finished sub-task is not done again, and the open one is', async () => {
  const seen: string[] = [];
  let isHeld = true;
  const own = await startModelServer([
    (request) => {
      const last = lastOf(request);
      if (modelOf(request) === MAIN)
        return last.includes('tool_result') ? says('all done') : delegates('first half', 'second half');
      seen.push(last.includes('first half') ? 'first' : 'second');
      return isHeld && last.includes('second half') ? { pieces: [...anthropicWire.opening(), HANG] } : says('done');
    },
  ]);
  const home = await temporaryDirectory();
  const env = settings(own.url);
  try {
    const child = await startClaw(['chat', '-p', 'please split this', '--json'], { home, env });
    child.stdin.end();
    await own.arrived(3);
    // The first answer is written down before the process is killed.
    const isDone = async (): Promise<boolean> => {
      const { json } = await runClawJson(['conversation', 'list'], { home, env, timeoutMs: 30_000 });
      const [{ id }] = json as [{ id: string }];
      const story = await runClawJson(['conversation', 'show', id], { home, env, timeoutMs: 30_000 });
      return JSON.stringify(story.json).includes('"status":"ok"');
    };
    await expect.poll(isDone, { timeout: 20_000 }).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    isHeld = false;
    const { json } = await runClawJson(['conversation', 'list'], { home, env, timeoutMs: 30_000 });
    const [{ id }] = json as [{ id: string }];
    const again = await runClawJson(['chat', '-p', 'go on', '--resume', id], { home, env, timeoutMs: 30_000 });
    expect(again.stdout).toContain('all done');
    // The two halves are handed over together: which is asked for first is nobody's promise.
    expect(seen.toSorted()).toEqual(['first', 'second', 'second']);
  } finally {
    await own.close();
  }
}, 120_000);
