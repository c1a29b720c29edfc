import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

/** A home whose server has just crashed so many times. */
async function homeAfterCrashes(count: number): Promise<string> {
  const home = await temporaryDirectory();
  mkdirSync(join(home, 'run'));
  const crashes = Array.from({ length: count }, () => Date.now());
  writeFileSync(join(home, 'run', 'serve-starts.json'), JSON.stringify({ crashes, open: false }));
  return home;
}

test('after many crashes the server comes up in safe mode, says how to leave it, and a stop in order does', async () => {
  const home = await homeAfterCrashes(6);
  const serve = await startServe({ home, until: 'safe mode: channels stay off' });
  expect((await serve.get('/health')).status).toBe(200);
  const ready = await serve.get('/ready');
  expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'safe-mode' }]);
  const status = await runClawJson(['status'], { home });
  expect([status.code, status.json]).toMatchObject([0, { running: true, safe_mode: true, recent_crashes: 6 }]);
  expect((await runClaw(['status'], { home })).stdout).toContain('claw serve --no-safe-mode');
  expect(await serve.stop()).toBe(0);
  const next = await startServe({ home });
  expect(next.state().state).toBe('ready');
});

test('--no-safe-mode and CRASH_BACKOFF=false start everything at once', async () => {
  const forced = await startServe({ home: await homeAfterCrashes(6), args: ['--no-safe-mode'] });
  const unguarded = await startServe({ home: await homeAfterCrashes(5), env: { CRASH_BACKOFF: 'false' } });
  expect([forced.state().state, unguarded.state().state]).toEqual(['ready', 'ready']);
});

test('while it waits after crashes it answers /health, and a stop ends the wait', async () => {
  const serve = await startServe({ home: await homeAfterCrashes(5), until: 'the last runs crashed; waiting' });
  expect((await serve.get('/health')).status).toBe(200);
  expect((await serve.get('/ready')).status).toBe(503);
  const started = performance.now();
  expect(await serve.stop()).toBe(0);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a kill counts as a crash, and one alone slows nothing', async () => {
  const first = await startServe();
  await first.stop('SIGKILL');
  const second = await startServe({ home: first.home });
  expect((await runClawJson(['status'], { home: first.home })).json).toMatchObject({
    state: 'ready',
    recent_crashes: 1,
  });
  await second.stop();
});

test('starts that are refused for a wrong setting are no crashes, and name the setting', async () => {
  const home = await temporaryDirectory();
  for (const wrong of [{ MAX_TOKENS: 'none' }, { TRIGGER_PATTERN: '(a+)+' }]) {
    const { code, stderr } = await runClaw(['serve'], {
      home,
      env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0', ...wrong },
    });
    expect([code, stderr]).toEqual([3, expect.stringContaining(Object.keys(wrong)[0] ?? '')]);
  }
  const serve = await startServe({ home });
  expect((await runClawJson(['status'], { home })).json).toMatchObject({ recent_crashes: 0 });
  await serve.stop();
});
