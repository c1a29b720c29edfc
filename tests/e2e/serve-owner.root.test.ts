import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bareEnvironment, CLAW, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

test('A23: a lock of another user counts as held', async () => {
  const home = await temporaryDirectory();
  mkdirSync(join(home, 'run'));
  const serve = await startServe({ home });
  for (const path of [home, join(home, 'run')]) chmodSync(path, 0o777);
  const asNobody = {
    cwd: '/',
    uid: 65_534,
    gid: 65_534,
    env: bareEnvironment(home, { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' }),
  };
  const { status, stderr } = spawnSync(process.execPath, [CLAW, 'serve'], {
    ...asNobody,
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect([status, stderr]).toEqual([7, expect.stringContaining('another user')]);
  expect((await serve.get('/ready')).status).toBe(200);
});

test('A23: a row of a living process of another user counts as held, though the lock is free', async () => {
  const home = await temporaryDirectory();
  const run = join(home, 'run');
  mkdirSync(run);
  for (const path of [home, run]) chmodSync(path, 0o777);
  // The test's own process belongs to root, whom nobody may not signal.
  const start = readFileSync(`/proc/${process.pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[19];
  const row = { started_at: 1, version: '1', state: 'ready', recent_crashes: 0, ports: {}, channels: [] };
  const owner = `${process.pid}:${start}`;
  writeFileSync(join(run, 'serve.json'), JSON.stringify({ ...row, owner, pid: process.pid }));
  chmodSync(join(run, 'serve.json'), 0o644);
  const asNobody = {
    cwd: '/',
    uid: 65_534,
    gid: 65_534,
    env: bareEnvironment(home, { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' }),
  };
  const { status, stderr } = spawnSync(process.execPath, [CLAW, 'serve'], {
    ...asNobody,
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect([status, stderr]).toEqual([7, expect.stringContaining(`process ${process.pid}`)]);
});
