/** What a running server does with tasks, its clock in the hand of the test. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { startModel } from '../crash/model-stand-in.ts';
import { type TestClock, testClock } from './clock-kit.ts';
import { ask } from './http-kit.ts';
import { type ClawRun, runClawJson, temporaryDirectory } from './run-claw.ts';
import { type RunningServe, startServe } from './serve-kit.ts';

/** Some start a server twice or wait for several looks of the scheduler. */
const SLOW = { timeout: 60_000 };
const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T10:00:00Z');
const SUM = ['--prompt', 'what is 2 plus 3?'];
const HOURLY = ['--schedule-type', 'interval', '--schedule-value', '1h', '--tz', 'UTC'];

interface Run {
  readonly due_at: string;
  readonly state: string;
  readonly reason: string | null;
  readonly output: string | null;
  readonly conversation_id: string | null;
  readonly turn_id: string | null;
  readonly claimed_at: string;
}

interface World {
  readonly home: string;
  readonly clock: TestClock;
  readonly telegram: TelegramServer;
  serve(env?: Readonly<Record<string, string>>): Promise<RunningServe>;
  claw(...args: string[]): Promise<ClawRun & { json: unknown }>;
}

async function world(start = START): Promise<World> {
  const home = await temporaryDirectory();
  const clock = testClock(home, start);
  const telegram = await new TelegramServer().listen();
  onTestFinished(() => telegram.close());
  const env = {
    ...clock.env,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_ALLOWED_USERS: '42',
    TELEGRAM_API_ROOT: telegram.url,
    LLM_MODEL: 'offline',
    API_RATE_LIMIT: '100000',
  };
  const { nodeArgs } = clock;
  return {
    home,
    clock,
    telegram,
    claw: (...args) => runClawJson(args, { home, env, nodeArgs }),
    serve: (more = {}) => startServe({ home, env: { ...env, ...more }, nodeArgs }),
  };
}

/** The ledger of a task, oldest first, once it has so many rows and none of them runs. */
async function ledger(serve: RunningServe, id: string, least = 0): Promise<readonly Run[]> {
  for (const deadline = performance.now() + 10_000; ; await pause(50)) {
    const { json, text } = await ask(serve, `/api/v1/tasks/${encodeURIComponent(id)}/history`);
    const runs = Array.isArray(json) ? (json as Run[]).toReversed() : [];
    if (runs.length >= least && runs.every(({ state }) => state !== 'running')) return runs;
    if (performance.now() > deadline) throw new Error(`the ledger stays at ${text}`);
  }
}

const told = (runs: readonly Run[]): string[] => runs.map(({ due_at, state }) => `${due_at.slice(11, 16)} ${state}`);
/** Long enough for the scheduler to look twice. */
const looked = (): Promise<void> => pause(2200);

test(
  'A33, A34: creating runs nothing; what is due while it is paused is skipped, unless it is caught up with',
  SLOW,
  async () => {
    const { clock, claw, serve: start } = await world(Date.parse('2026-03-02T08:00:00Z'));
    const serve = await start();
    const daily = ['--schedule-type', 'cron', '--schedule-value', '0 9 * * *', '--tz', 'UTC'];
    const made = await claw('task', 'create', '--id', 'sum', ...SUM, ...daily);
    expect(made.json).toMatchObject({ state: 'active', next_at: '2026-03-02T09:00:00.000Z' });
    await looked();
    expect(await ledger(serve, 'sum')).toEqual([]);
    await claw('task', 'pause', 'sum');
    clock.set(Date.parse('2026-03-02T10:00:00Z'));
    await looked();
    expect(await ledger(serve, 'sum')).toEqual([]);
    expect((await claw('task', 'resume', 'sum')).json).toMatchObject({ next_at: '2026-03-03T09:00:00.000Z' });
    expect(await ledger(serve, 'sum', 1)).toMatchObject([{ state: 'skipped', reason: 'it was paused' }]);
    await claw('task', 'pause', 'sum');
    clock.set(Date.parse('2026-03-03T10:00:00Z'));
    await ask(serve, '/api/v1/tasks/sum/resume', { body: { catch_up: true } });
    const runs = await ledger(serve, 'sum', 2);
    expect(told(runs)).toEqual(['09:00 skipped', '09:00 ran']);
    expect(runs[1]).toMatchObject({ output: '5' });
    // The clock that was set goes on, so the lateness is an hour and what the steps of this test took.
    const late = Number(/caught up (\d+) s late/.exec(runs[1]?.reason ?? '')?.[1]);
    expect(late).toBeGreaterThanOrEqual(3600);
    expect(late).toBeLessThan(3660);
  },
);

test('what was due while nobody looked is treated by the policy of each task', SLOW, async () => {
  const { clock, claw, serve: start } = await world();
  const policies: Readonly<Record<string, string[]>> = {
    skip: ['--misfire', 'skip'],
    once: ['--misfire', 'once'],
    all: ['--misfire', 'all'],
    late: ['--misfire', 'all', '--max-lateness', '90m'],
  };
  await Promise.all(
    Object.entries(policies).map(([id, flags]) => claw('task', 'create', '--id', id, ...SUM, ...HOURLY, ...flags)),
  );
  clock.set(START + 3.25 * HOUR);
  const serve = await start();
  const ledgers = await Promise.all(Object.keys(policies).map((id) => ledger(serve, id, 3)));
  expect(ledgers.map((runs) => runs.map(({ state }) => state))).toEqual([
    ['skipped', 'skipped', 'skipped'],
    ['skipped', 'skipped', 'ran'],
    ['ran', 'ran', 'ran'],
    ['missed', 'ran', 'ran'],
  ]);
  const why = await claw('task', 'explain', 'late', '--at', ledgers[3]?.[0]?.due_at.replace(/\.\d+/, '') ?? '');
  expect(why.json).toMatchObject({ explanation: expect.stringContaining('more than the 5400 s allowed') as string });
});

const ROOM = { chat: { id: -100, type: 'supergroup', title: 'Family' } };

test(
  'A35, A36, A37: in a room, a task answers within a tick, goes on in its conversation or beside it, and ends with the room',
  SLOW,
  async () => {
    const { clock, claw, serve: start, telegram } = await world();
    await claw('group', 'register', '--jid', 'tg:-100', '--name', 'Family', '--folder', 'family');
    const serve = await start();
    telegram.say('what is 12*12?');
    telegram.say('@Claw what is 3*5?', ROOM);
    await telegram.until(() => telegram.textsIn(42).length === 1 && telegram.textsIn(-100).length === 1);
    const inRoom = ['--group', 'tg:-100', ...HOURLY];
    await claw('task', 'create', '--id', 'together', ...SUM, ...inRoom);
    const alone = ['--prompt', 'what is 7 plus 8?', '--context', 'isolated'];
    await claw('task', 'create', '--id', 'alone', ...alone, ...inRoom);
    const due = Date.parse((await ask(serve, '/api/v1/tasks/alone')).json?.['next_at' as never] ?? '');
    clock.set(due - 300);
    await telegram.until(() => telegram.textsIn(-100).length === 3);
    expect(telegram.textsIn(-100).slice(1).join()).toMatch(/15|5/);
    const [one] = await ledger(serve, 'together', 1);
    const [two] = await ledger(serve, 'alone', 1);
    for (const run of [one, two]) {
      expect(Date.parse(run?.claimed_at ?? '') - Date.parse(run?.due_at ?? '')).toBeLessThan(3000);
    }
    const room = await conversationOf(claw, 'telegram');
    expect(one?.conversation_id).toBe(room);
    expect(two?.conversation_id).not.toBe(room);
    const story = JSON.stringify((await claw('conversation', 'show', room)).json);
    expect([story.includes('2 plus 3'), story.includes('7 plus 8')]).toEqual([true, false]);

    await claw('group', 'remove', '--jid', 'tg:-100');
    clock.set(due + 3 * HOUR);
    await ledger(serve, 'together', 4);
    const reason = 'its room tg:-100 is gone';
    expect((await ask(serve, '/api/v1/tasks/together')).json).toMatchObject({ state: 'disabled', reason });
    const rows = (await ledger(serve, 'together')).length;
    clock.set(due + 5 * HOUR);
    await looked();
    expect((await ledger(serve, 'together')).length).toBe(rows);
  },
);

async function conversationOf(claw: World['claw'], origin: string): Promise<string> {
  const rows = (await claw('conversation', 'list')).json as { id: string; origin: string }[];
  return rows.find((row) => row.origin === origin)?.id ?? '';
}

test('A35: a failing task goes on, and its owner hears of it once in their direct chat', SLOW, async () => {
  const { clock, claw, serve: start, telegram } = await world();
  const serve = await start();
  telegram.say('what is 12*12?');
  await telegram.until(() => telegram.textsIn(42).length === 1);
  const fails = ['--tool', 'no_such_tool', '--user', 'telegram-42'];
  expect((await claw('task', 'create', '--id', 'bad', ...fails, ...HOURLY)).code).toBe(0);
  for (let hour = 1; hour <= 3; hour += 1) {
    clock.set(START + hour * HOUR + 60_000);
    expect((await ledger(serve, 'bad', hour)).at(-1)).toMatchObject({ state: 'failed' });
  }
  const task = (await ask(serve, '/api/v1/tasks/bad')).json;
  expect(task).toMatchObject({ state: 'active', failures: 3, next_at: expect.stringContaining('T14:00') as string });
  await telegram.until(() => telegram.textsIn(42).length === 2);
  expect(telegram.textsIn(42)[1]).toMatch(/Task bad: It failed: .*no_such_tool.* It goes on/);
});

const gate = (name: string, wake: boolean): string => `import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: '${name}',
  description: 'Says whether to wake the assistant.',
  input: z.object({}),
  async run() {
    return { wake: ${wake} };
  },
});
`;

test('a gate runs in the wall and decides whether the model is woken', SLOW, async () => {
  const { home, clock, claw, serve: start } = await world();
  mkdirSync(join(home, 'tools'), { mode: 0o700 });
  for (const [name, wake] of [
    ['says_no', false],
    ['says_yes', true],
  ] as const) {
    writeFileSync(join(home, 'tools', `${name}.ts`), gate(name, wake));
  }
  for (const name of ['says_no', 'says_yes', 'says_nothing']) {
    await claw('task', 'create', '--id', name.replace('_', '-'), ...SUM, ...HOURLY, '--gate', name);
  }
  const serve = await start();
  clock.set(START + HOUR + 60_000);
  const [no] = await ledger(serve, 'says-no', 1);
  const [yes] = await ledger(serve, 'says-yes', 1);
  const [none] = await ledger(serve, 'says-nothing', 1);
  expect(no).toMatchObject({ state: 'skipped', reason: 'the gate says_no said no', turn_id: null });
  expect(yes).toMatchObject({ state: 'ran', output: '5' });
  expect(none).toMatchObject({ state: 'failed', turn_id: null });
});

test(
  'a run that would cost more than its budget is refused before the model is called, and the ledger says why',
  SLOW,
  async () => {
    const { clock, claw, serve: start } = await world();
    const model = await startModel();
    onTestFinished(() => model.close());
    const serve = await start({
      LLM_MODEL: 'anthropic/claude-sonnet-4-5',
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_API_KEY: 'not-a-key',
      ANTHROPIC_BASE_URL: model.url,
    });
    await claw('task', 'create', '--id', 'dear', '--prompt', 'message:t:1', ...HOURLY, '--budget', '0.0001');
    await claw('task', 'create', '--id', 'fair', '--prompt', 'message:t:2', ...HOURLY, '--budget', '5');
    clock.set(START + HOUR + 60_000);
    const [dear] = await ledger(serve, 'dear', 1);
    const [fair] = await ledger(serve, 'fair', 1);
    expect(fair).toMatchObject({ state: 'ran', output: 'reply:t:2' });
    expect(dear).toMatchObject({ state: 'failed', reason: expect.stringMatching(/may cost|budget/) as string });
    expect(model.count()).toBe(1);
  },
);

test('two servers on one database at the same due instants run each instant once', SLOW, async () => {
  const { home, clock, claw, serve: start } = await world();
  const other = await temporaryDirectory();
  for (let at = 0; at < 6; at += 1) {
    await claw('task', 'create', '--id', `t${at}`, ...SUM, ...HOURLY, '--context', 'isolated', '--misfire', 'all');
  }
  symlinkSync(join(home, 'claw.db'), join(other, 'claw.db'));
  const env = { ...clock.env, LLM_MODEL: 'offline', API_RATE_LIMIT: '100000' };
  // No bot on either: what is told apart here is who runs what.
  const first = await start({ TELEGRAM_BOT_TOKEN: '' });
  const second = await startServe({ home: other, env, nodeArgs: clock.nodeArgs });
  for (let hour = 1; hour <= 3; hour += 1) {
    clock.set(START + hour * HOUR + 120_000);
    for (let at = 0; at < 6; at += 1) {
      const runs = await ledger(first, `t${at}`, hour);
      expect(runs.map(({ state, output }) => [state, output])).toEqual(runs.map(() => ['ran', '5']));
      expect(runs).toHaveLength(hour);
    }
  }
  const begun = (serve: RunningServe): number => serve.log().split('task runs').length - 1;
  expect(begun(first) + begun(second)).toBe(18);
  expect(first.log() + second.log()).not.toContain('could not');
});

test('B57: the 51st task is refused, one that ran once is over, and another’s id says nothing', SLOW, async () => {
  const { clock, claw, serve: start } = await world();
  const serve = await start();
  const make = (id: string, more: Readonly<Record<string, unknown>> = {}) =>
    ask(serve, '/api/v1/tasks', {
      body: { id, prompt: 'what is 2 plus 3?', schedule_type: 'interval', schedule_value: '30d', ...more },
    });
  const once = { schedule_type: 'once', schedule_value: '2026-03-02T11:00:00Z' };
  expect((await make('once', once)).status).toBe(201);
  for (let at = 1; at < 50; at += 1) expect((await make(`t${at}`)).status).toBe(201);
  const more = await make('more');
  expect(more).toMatchObject({ status: 429, json: { type: 'urn:claw:error:limit-reached' } });
  expect((await claw('user', 'create', 'mina')).code).toBe(0);
  const hers = await claw('task', 'create', '--id', 't1', ...SUM, ...HOURLY, '--user', 'mina');
  expect(hers).toMatchObject({ code: 0, json: { id: 't1', state: 'active' } });
  expect((await claw('task', 'show', 't2', '--user', 'mina')).code).toBe(6);
  clock.set(START + HOUR + 60_000);
  expect(await ledger(serve, 'once', 1)).toMatchObject([{ state: 'ran' }]);
  expect((await ask(serve, '/api/v1/tasks/once')).json).toMatchObject({ state: 'done', next_at: null });
  expect((await make('more')).status).toBe(201);
});
