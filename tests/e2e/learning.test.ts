import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { HANG, type ModelServer, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';

interface Memory {
  readonly key: string;
  readonly value: string;
  readonly origin: string;
  readonly why: string;
  readonly message: number | null;
}

const memories = async (home: string, ...more: string[]) =>
  (await runClawJson(['memory', 'list', ...more], { home })).json as Memory[];

const says = (text: string): ReplySource => spoken(anthropicWire, { text: [text] });
const SAID = 'You should know that my cat is called Miso and that she is afraid of thunder';
const LEARNED = says(
  JSON.stringify({
    memories: [
      { category: 'facts', key: 'cat', value: 'The cat is called Miso', quote: 'my cat is called Miso', message: 1 },
      { category: 'facts', key: 'spouse', value: 'Is married to Eve', quote: 'I am married to Eve', message: 1 },
    ],
  }),
);

async function modelHome(replies: readonly ReplySource[]) {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  const home = await temporaryDirectory();
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    LLM_RETRY_COUNT: '0',
  };
  return { server, home, env };
}

const bodies = ({ requests }: ModelServer): string[] => requests.map(({ body }) => JSON.stringify(body));

test(
  'offline: what was said is remembered when the chat ends, in both languages, and for its user alone',
  { timeout: 90_000 },
  async () => {
    const home = await temporaryDirectory();
    await runClaw(['user', 'create', 'bob', '--role', 'user'], { home });
    const input = 'My name is Robin.\nI prefer tea over coffee.\n저는 부산에 살아요.\n';
    expect((await runClaw(['chat'], { home, input, timeoutMs: 60_000 })).code).toBe(0);
    const rows = await memories(home);
    expect(rows.map(({ key, value }) => `${key}: ${value}`)).toEqual([
      'tea_over_coffee: prefers tea over coffee',
      'home: 부산',
      'name: Robin',
    ]);
    const shown = await runClaw(['memory', 'show', 'tea_over_coffee'], { home });
    expect(shown.stdout).toMatch(/why: learned after conversation \S+ from message \d+: "I prefer tea over coffee\."/);
    expect((await runClaw(['chat', '-p', 'what is my name?'], { home })).stdout).toContain('Robin');
    expect((await runClaw(['chat', '-p', '내 name이 뭐야?', '--user', 'bob'], { home })).stdout).not.toContain('Robin');
    expect(await memories(home, '--user', 'bob')).toEqual([]);
    const passes = (await runClawJson(['memory', 'learn'], { home })).json;
    expect(passes).toMatchObject([{ state: 'done', learned: 2, reason: 'no model was asked: offline mode' }]);
  },
);

test('a model is asked once, and the next conversation is given what it found', { timeout: 90_000 }, async () => {
  const { server, home, env } = await modelHome([says('Noted.'), LEARNED, says('Hello.')]);
  await runClaw(['chat'], { home, env, input: `${SAID}\n`, timeoutMs: 60_000 });
  expect(server.requests).toHaveLength(2);
  expect(bodies(server)[1]).toContain('afraid of thunder');
  expect(bodies(server)[1]).not.toContain('Noted.');
  expect(await memories(home)).toMatchObject([{ key: 'cat', origin: 'learned', message: 1 }]);
  const passes = (await runClawJson(['memory', 'learn'], { home, env })).json;
  expect(passes).toMatchObject([{ state: 'done', learned: 1, model: 'anthropic/claude-sonnet-5', reason: null }]);

  await runClaw(['chat', '-p', 'hello'], { home, env });
  expect(server.requests).toHaveLength(3);
  expect(bodies(server)[2]).toContain('facts/cat: The cat is called Miso');
  expect((await runClawJson(['cost'], { home, env })).json).toMatchObject([{ calls: 3 }]);
});

test('a pass whose process is killed in the middle is taken up, and remembers once', { timeout: 90_000 }, async () => {
  const { server, home, env } = await modelHome([
    says('Noted.'),
    { pieces: [...anthropicWire.opening(), HANG] },
    LEARNED,
  ]);
  const child = await startClaw(['chat'], { home, env });
  child.stdin.end(`${SAID}\n`);
  await server.arrived(2);
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(await memories(home)).toEqual([]);

  const taken = (await runClawJson(['memory', 'learn'], { home, env, timeoutMs: 60_000 })).json;
  expect(taken).toMatchObject([{ state: 'done', learned: 1 }]);
  expect((await runClawJson(['memory', 'learn'], { home, env })).json).toEqual(taken);
  expect(server.requests).toHaveLength(3);
  expect(await memories(home)).toHaveLength(1);

  const app = await openApp({ home, overrides: {} });
  onTestFinished(() => app.close());
  const [pass] = taken as { id: string }[];
  const calls = await (await app.store()).journal.modelCalls(pass?.id ?? '');
  expect(calls.map(({ state }) => state)).toEqual(['lost', 'done']);
});

test('learning can be switched off, and few words cost nothing', { timeout: 90_000 }, async () => {
  const { server, home, env } = await modelHome([says('Hi.')]);
  await runClaw(['chat'], { home, env: { ...env, LEARNING_ENABLED: 'false' }, input: `${SAID}\n` });
  await runClaw(['chat'], { home, env, input: 'My name is Robin.\n' });
  expect(server.requests).toHaveLength(2);
  expect((await runClawJson(['memory', 'learn'], { home, env })).json).toMatchObject([
    { learned: 1, reason: 'no model was asked: only 4 words' },
  ]);
});
