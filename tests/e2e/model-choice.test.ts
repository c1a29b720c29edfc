/** A model for a room, a task and a user, chosen while the server runs. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { chatWire } from '../fakes/llm/chat-wire.ts';
import { startModelServer } from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const USUAL = 'anthropic/claude-sonnet-4-6';
const LOCAL = 'openai-compatible/llama';

async function standIns(): Promise<Readonly<Record<string, string>>> {
  const one = await startModelServer([spoken(anthropicWire, { text: ['usual'] })]);
  const two = await startModelServer([spoken(chatWire, { text: ['local'] })]);
  onTestFinished(async () => {
    await one.close();
    await two.close();
  });
  return {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: one.url,
    OPENAI_COMPATIBLE_BASE_URL: `${two.url}/v1`,
    LLM_MODEL: USUAL,
  };
}

/** The model of each turn that is over, oldest first. */
function answered(home: string): string[] {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    const rows = database.prepare("select model from turns where state = 'done' order by started_at").all();
    return (rows as { model: string }[]).map(({ model }) => model);
  } finally {
    database.close();
  }
}

test('a running server takes the model of a room and of a task at the next turn', { timeout: 90_000 }, async () => {
  const env = { ...(await standIns()), TELEGRAM_ALLOWED_USERS: '42' };
  const serve = await startServe({ env });
  const { home } = serve;
  const claw = (...args: string[]) => runClawJson(args, { home, env });
  await claw('group', 'register', '--jid', 'tg:-100', '--name', 'Family', '--folder', 'family', '--trigger', '^!ask');
  const turn = async (id: string): Promise<string | undefined> => {
    const before = answered(home).length;
    const args = ['group', 'inject', '--id', id, '--jid', 'tg:-100', '--sender', '42', '--text', '!ask hi'];
    await runClaw(args, { home, env });
    await vi.waitFor(() => expect(answered(home)).toHaveLength(before + 1), { timeout: 20_000, interval: 100 });
    return answered(home).at(-1);
  };
  expect(await turn('a')).toBe(USUAL);
  const set = await claw('model', 'set', LOCAL, '--room', 'family');
  expect(set.json).toEqual({ scope: 'room', subject: 'family', name: 'family', models: [LOCAL] });
  expect(await turn('b')).toBe(LOCAL);
  const refused = await runClaw(['model', 'set', 'google/gemini-3.8-flash', '--room', 'family'], { home, env });
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('GOOGLE_API_KEY') as string });
  expect((await claw('model', 'choices')).json).toMatchObject([{ scope: 'room', models: [LOCAL] }]);
  const http = await ask(serve, '/api/v1/models/choices/room/family', { method: 'DELETE' });
  expect(http).toMatchObject({ status: 200, json: { unset: true } });
  expect(await turn('c')).toBe(USUAL);
  const metrics = await ask(serve, '/metrics');
  expect(metrics.text).toContain('# TYPE claw_model_breaker_state gauge');
  expect(metrics.text).toContain('# TYPE claw_model_failovers_total counter');
});

test('a user has a model of their own, and one that is named comes before it', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const env = await standIns();
  const say = async (...more: string[]): Promise<string> =>
    (await runClaw(['chat', '-p', 'hi', ...more], { home, env })).stdout.trim();
  const { json } = await runClawJson(['user', 'list'], { home, env });
  const name = (json as { username: string }[])[0]?.username ?? '';
  expect(await say()).toBe('usual');
  await runClaw(['model', 'set', `${LOCAL},${USUAL}`, '--user', name], { home, env });
  expect(await say()).toBe('local');
  expect(await say('--model', USUAL)).toBe('usual');
  expect((await runClaw(['model', 'set', '--user', name, '--unset'], { home, env })).code).toBe(0);
  expect(await say()).toBe('usual');
  const { stdout } = await runClaw(['audit', 'list', '--action', 'model.choose', '--json'], { home, env });
  expect(JSON.parse(stdout)).toHaveLength(2);
});
