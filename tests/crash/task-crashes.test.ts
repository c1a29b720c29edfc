/** A server that is killed around due moments: every due instant has one row that says what became of it, and no effect happens twice. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { testClock } from '../e2e/clock-kit.ts';
import { ask } from '../e2e/http-kit.ts';
import { runClawJson, temporaryDirectory } from '../e2e/run-claw.ts';
import { type RunningServe, startServe } from '../e2e/serve-kit.ts';
import { effectTool, startEffects } from './effects.ts';
import { startModel } from './model-stand-in.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T10:00:00Z');
const KILLER = join(import.meta.dirname, 'kill-at-write.ts');

/** The writes around a due moment, from the claim to the closed row: of the tool's task, then of the prompt's. */
const MOMENTS = [
  'insert task_runs:1:before',
  'insert task_runs:1:after',
  'update task_runs:1:before',
  'update task_runs:2:before',
  'insert inbound_messages:1:before',
  'insert inbound_messages:1:after',
  'insert turns:1:after',
  'insert model_calls:1:after',
  'update model_calls:1:before',
  'update turns:1:after',
  'update task_runs:3:before',
  'update task_runs:4:after',
] as const;

interface Run {
  readonly due_at: string;
  readonly state: string;
  readonly reason: string | null;
  readonly output: string | null;
}

async function world() {
  const home = await temporaryDirectory();
  const clock = testClock(home, START);
  const effects = await startEffects();
  const model = await startModel();
  onTestFinished(async () => {
    await model.close();
    await effects.close();
  });
  const env = {
    ...clock.env,
    CRASH_BACKOFF: 'false',
    API_RATE_LIMIT: '100000',
    LLM_PROVIDER: 'anthropic',
    ANTHROPIC_API_KEY: 'not-a-key',
    ANTHROPIC_BASE_URL: model.url,
    TRUSTED_ORIGINS: effects.origin,
  };
  const claw = (...args: string[]) => runClawJson(args, { home, env, nodeArgs: clock.nodeArgs });
  const start = (crashAt?: string): Promise<RunningServe> =>
    startServe({
      home,
      env: { ...env, ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }) },
      nodeArgs: [...clock.nodeArgs, ...(crashAt === undefined ? [] : ['--import', KILLER])],
    });
  return { home, clock, effects, model, claw, start };
}

/** The ledger once it has so many rows and none of them runs. */
async function ledger(serve: RunningServe, id: string, least: number): Promise<readonly Run[]> {
  for (const deadline = performance.now() + 30_000; ; await pause(50)) {
    const { json, text } = await ask(serve, `/api/v1/tasks/${id}/history?limit=1000`);
    const runs = (json as Run[]).toReversed();
    if (runs.length >= least && runs.every(({ state }) => state !== 'running')) return runs;
    if (performance.now() > deadline) throw new Error(`the ledger stays at ${text}`);
  }
}

test('killed at each write around a due moment, it accounts for every instant once', { timeout: 240_000 }, async () => {
  const { home, clock, effects, claw, start } = await world();
  mkdirSync(join(home, 'tools'), { mode: 0o700 });
  writeFileSync(join(home, 'tools', 'record_effect.ts'), effectTool(effects.origin));
  expect(await claw('tool', 'approve', 'record_effect')).toMatchObject({ code: 0 });
  const hourly = ['--schedule-type', 'cron', '--schedule-value', '0 * * * *', '--tz', 'UTC', '--misfire', 'all'];
  await claw('task', 'create', '--id', 'tool', '--tool', 'record_effect', '--input', '{"key":"k"}', ...hourly);
  await claw('task', 'create', '--id', 'ask', '--prompt', 'message:task:1', '--context', 'isolated', ...hourly);

  for (const [at, moment] of MOMENTS.entries()) {
    clock.set(START + (at + 1) * HOUR + 500);
    // It dies at its moment, which may lie in what the one before left, or even before it is ready; or else in the midst of something.
    const doomed = await start(moment).catch(() => undefined);
    if (doomed === undefined) continue;
    await Promise.race([once(doomed.child, 'exit'), pause(2500)]);
    await doomed.stop('SIGKILL');
  }
  const serve = await start();
  const due = MOMENTS.map((_, at) => new Date(START + (at + 1) * HOUR).toISOString());
  const tool = await ledger(serve, 'tool', due.length);
  const asked = await ledger(serve, 'ask', due.length);
  expect(tool.map(({ due_at }) => due_at)).toEqual(due);
  expect(asked.map(({ due_at }) => due_at)).toEqual(due);
  // A prompt goes on from its journal; a tool that was begun may have had its effect and is not begun again.
  expect(asked.map(({ state, output }) => `${state} ${output}`)).toEqual(due.map(() => 'ran reply:task:1'));
  const ran = tool.filter(({ state }) => state === 'ran').length;
  const having = (words: string): number => tool.filter(({ reason }) => reason?.includes(words) === true).length;
  const unknown = having('it is not run again');
  expect(ran + unknown + having('because the last runs failed')).toBe(due.length);
  const count = effects.counts.get('k') ?? 0;
  expect(count).toBeGreaterThanOrEqual(ran);
  expect(count).toBeLessThanOrEqual(ran + unknown);
});
