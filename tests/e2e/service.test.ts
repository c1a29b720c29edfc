import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

test('install --print shows the unit of this home and writes nothing', async () => {
  const home = await temporaryDirectory();
  const { stdout, code } = await runClaw(['service', 'install', '--print'], { home });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`Environment="CLAW_HOME=${home}"`)]);
  expect(stdout).toContain('WantedBy=default.target');
  const config = join(home, '.config');
  expect((await runClawJson(['service', 'status'], { home, env: { XDG_CONFIG_HOME: config } })).json).toMatchObject({
    installed: false,
    unit_file: null,
  });
});

test('a system service needs a user, who exists and owns the home', async () => {
  const install = ['service', 'install', '--print', '--system'];
  expect(await runClaw(install)).toMatchObject({ code: 2, stderr: expect.stringContaining('--user') });
  expect((await runClaw([...install, '--user', 'nobody-of-that-name'])).code).toBe(6);
  expect((await runClaw([...install, '--user', 'bin'])).code).toBe(5);
  expect((await runClaw(['service', 'install', '--user', 'root', '--print'])).code).toBe(2);
});

test('start, stop and uninstall without an installed service name the command that installs it', async () => {
  for (const verb of ['start', 'stop', 'restart', 'uninstall']) {
    const home = await temporaryDirectory();
    const { code, stderr } = await runClaw(['service', verb], { home, env: { XDG_CONFIG_HOME: home } });
    expect([verb, code, stderr]).toEqual([verb, 6, expect.stringContaining('claw service install')]);
  }
});

test('logs shows the end of the log and, with -f, what is added', async () => {
  const serve = await startServe();
  const { home } = serve;
  expect((await runClaw(['service', 'logs'], { home })).stdout).toContain('INFO server is ready');
  expect((await runClawJson(['service', 'logs', '--lines', '1'], { home })).json).toEqual([
    expect.stringContaining('server is ready'),
  ]);
  const follower = await startClaw(['service', 'logs', '-f', '-n', '1'], { home });
  await once(follower.stdout, 'data');
  const more = once(follower.stdout, 'data');
  appendFileSync(join(home, 'logs', 'claw.log'), 'one more line\n');
  expect(String(await more)).toBe('one more line\n');
  follower.kill('SIGINT');
  expect((await once(follower, 'exit'))[0]).toBe(130);
});

test('channel test and channel status without a channel say what is missing', async () => {
  const { code, stderr } = await runClaw(['channel', 'test']);
  expect([code, stderr]).toEqual([4, expect.stringContaining('claw serve --check')]);
  const status = await runClawJson(['channel', 'status']);
  expect([status.code, Array.isArray(status.json)]).toEqual([0, true]);
});
