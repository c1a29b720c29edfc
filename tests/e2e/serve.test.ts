import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

test('with nothing configured it runs, answers its probes, and stops in order', async () => {
  const serve = await startServe();
  const health = await serve.get('/health');
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', uptime_seconds: expect.any(Number) }]);
  const ready = await serve.get('/ready');
  expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ready' }]);
  expect(await serve.stop()).toBe(0);
  expect(existsSync(join(serve.home, 'run', 'serve.json'))).toBe(false);
});

test('B25: health tells no pid, uptime is whole seconds, an unknown path is 404, ten at once are answered', async () => {
  const serve = await startServe();
  const answers = await Promise.all(Array.from({ length: 10 }, () => serve.get('/health')));
  for (const answer of answers) {
    const body = (await answer.json()) as Record<string, unknown>;
    expect(answer.status).toBe(200);
    expect(Object.keys(body).toSorted()).toEqual(['status', 'uptime_seconds']);
    expect(Number.isInteger(body['uptime_seconds'])).toBe(true);
  }
  const unknown = await serve.get('/nothing/here');
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  expect(await unknown.json()).toHaveProperty('error');
});

test('A21: a second serve exits 7 naming the process, and the first goes on', async () => {
  const serve = await startServe();
  const second = await runClaw(['serve'], {
    home: serve.home,
    env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' },
  });
  expect(second.code).toBe(7);
  expect(second.stderr).toContain(`process ${serve.state().pid}`);
  expect((await serve.get('/ready')).status).toBe(200);
  expect(await serve.stop('SIGINT')).toBe(0);
});

test('A21: a second serve is refused even after the lock file was removed', async () => {
  const serve = await startServe();
  rmSync(join(serve.home, 'run', 'serve.lock'));
  const second = await runClaw(['serve'], {
    home: serve.home,
    env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' },
  });
  expect([second.code, second.stderr]).toEqual([7, expect.stringContaining(`process ${serve.state().pid}`)]);
});

const ownPid = String(process.pid);
const row = { started_at: 1, version: '1', state: 'ready', recent_crashes: 0, ports: {}, channels: [] };
test.each([
  ['a dead process', JSON.stringify({ ...row, owner: '4194000:123', pid: 4_194_000 })],
  ['a process number that another program has now', JSON.stringify({ ...row, owner: `${ownPid}:1`, pid: process.pid })],
  ['nothing', ''],
  ['garbage', '\0\u0001}{ not json'],
])('A22: a row and a lock left by %s never block', async (_what, text) => {
  const home = await temporaryDirectory();
  mkdirSync(join(home, 'run'));
  writeFileSync(join(home, 'run', 'serve.json'), text);
  writeFileSync(join(home, 'run', 'serve.lock'), text);
  writeFileSync(join(home, 'run', 'serve-starts.json'), text);
  const serve = await startServe({ home });
  expect(await serve.stop()).toBe(0);
});

test('A22: a server that was killed does not block the next one', async () => {
  const first = await startServe();
  expect(await first.stop('SIGKILL')).toBe('SIGKILL');
  const second = await startServe({ home: first.home });
  expect(second.state().pid).not.toBe(first.child.pid);
  expect(await second.stop()).toBe(0);
});

test('a health port that is taken is told and does not stop the server, unless somebody chose it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const home = await temporaryDirectory();
  const { code, stderr } = await runClaw(['serve'], { home, env: { HEALTH_PORT: String(port) } });
  expect([code, stderr]).toEqual([7, expect.stringContaining('HEALTH_PORT')]);
  const next = await startServe({ home });
  expect((await runClawJson(['status'], { home })).json).toMatchObject({ recent_crashes: 0 });
  await next.stop();
});

test('odd requests are answered and hurt nothing', async () => {
  const serve = await startServe();
  const { health: port } = serve.state().ports;
  for (const line of [
    'GET // HTTP/1.1',
    'GET /%zz?a=//b HTTP/1.1',
    'POST /health HTTP/1.1',
    'nonsense',
    'GET http://[ HTTP/1.1',
  ]) {
    const socket = connect(port, '127.0.0.1');
    socket.end(`${line}\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 4\d\d /);
  }
  expect((await serve.get('/health?probe=1')).status).toBe(200);
});

test('status of a server whose state file is damaged still says that it runs', async () => {
  const serve = await startServe();
  writeFileSync(join(serve.home, 'run', 'serve.json'), 'garbage');
  const { json } = await runClawJson(['status'], { home: serve.home });
  expect(json).toMatchObject({ running: true, pid: null });
  const second = await runClaw(['serve'], {
    home: serve.home,
    env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' },
  });
  expect([second.code, second.stderr]).toEqual([7, expect.stringContaining('another process')]);
  expect(await serve.stop()).toBe(0);
});

test('it runs with a bounded heap and without the debugger that a signal starts', async () => {
  const serve = await startServe();
  serve.child.kill('SIGUSR1');
  const words = readFileSync(`/proc/${serve.child.pid}/cmdline`, 'utf8').split('\0');
  expect(words).toEqual(
    expect.arrayContaining(['--disable-sigusr1', expect.stringMatching(/^--max-old-space-size=\d+$/)]),
  );
  expect((await serve.get('/health')).status).toBe(200);
  expect(serve.log()).not.toContain('Debugger');
});

test('what is logged is on stderr and in the log of the home, stdout stays empty', async () => {
  const serve = await startServe();
  let stdout = '';
  serve.child.stdout.on('data', (text) => (stdout += String(text)));
  await serve.stop();
  expect(readFileSync(join(serve.home, 'logs', 'claw.log'), 'utf8')).toContain('INFO server stopped');
  expect([serve.log().includes('INFO server stopped'), stdout]).toEqual([true, '']);
});

test('a reader of its log that goes away does not stop it', async () => {
  const serve = await startServe();
  serve.child.stderr.destroy();
  const again = async (): Promise<number> => {
    serve.child.kill('SIGHUP');
    return (await serve.get('/ready')).status;
  };
  for (let times = 0; times < 3; times += 1) expect(await again()).toBe(200);
  expect(await serve.stop()).toBe(0);
  const log = readFileSync(join(serve.home, 'logs', 'claw.log'), 'utf8');
  expect([log.includes('settings read again'), log.includes('server stopped')]).toEqual([true, true]);
});

test('--check names every channel that would not start, and an unknown one is a usage error', async () => {
  const { json, code } = await runClawJson(['serve', '--check']);
  const named = (json as { name: string; starts: boolean }[]).slice(0, 3).map(({ name, starts }) => [name, starts]);
  expect([code, named]).toEqual([
    0,
    [
      ['http', true],
      ['websocket', true],
      ['telegram', false],
    ],
  ]);
  const unknown = await runClaw(['serve', '--check', '--only', 'carrier-pigeon']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('carrier-pigeon')]);
});

test.each([
  [{ DASHBOARD_HOST: '0.0.0.0' }, 'http'],
  [{ WS_HOST: '0.0.0.0' }, 'websocket'],
])('--check says what a public address without sign-in lacks: %j', async (env, name) => {
  const { code, json } = await runClawJson(['serve', '--check'], { env });
  const row = (json as { name: string; starts: boolean; reason: string }[]).find((each) => each.name === name);
  expect([code, row]).toMatchObject([3, { starts: false, reason: expect.stringContaining('AUTH_ENABLED=true') }]);
});

test('status tells what runs, and that nothing does', async () => {
  const serve = await startServe();
  const { json, code } = await runClawJson(['status'], { home: serve.home });
  expect([code, json]).toMatchObject([
    0,
    {
      running: true,
      pid: serve.child.pid,
      state: 'ready',
      safe_mode: false,
      queues: { inbound: {}, running_turns: 0, outbox: {} },
      last_errors: [],
    },
  ]);
  expect((await runClaw(['status'], { home: serve.home })).stdout).toContain(`process ${serve.child.pid}`);
  await serve.stop();
  expect((await runClawJson(['status'], { home: serve.home })).json).toMatchObject({ running: false, pid: null });
});

test('A24: of two that are started at once by the binary, one wins', async () => {
  for (let round = 0; round < 4; round += 1) {
    const home = await temporaryDirectory();
    const env = { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' };
    const children = await Promise.all([1, 2].map(() => startClaw(['serve'], { home, env })));
    const ends = children.map(async (child) => (await once(child, 'exit'))[0] as number | null);
    expect(await Promise.race(ends)).toBe(7);
    const winner = children.find(({ exitCode }) => exitCode === null);
    expect((await runClawJson(['status'], { home })).json).toMatchObject({ running: true, pid: winner?.pid });
    winner?.kill('SIGTERM');
    expect(new Set(await Promise.all(ends))).toEqual(new Set([0, 7]));
  }
}, 30_000);

test('settings that change on disk are taken without a restart, wrong ones are told and left', async () => {
  const serve = await startServe({ env: { HEALTH_PORT: '' }, args: [], home: await homeWithPort() });
  const { pid, ports } = serve.state();
  const { port } = (await freePort()) as AddressInfo;
  expect((await runClaw(['config', 'set', 'HEALTH_PORT', String(port)], { home: serve.home })).code).toBe(0);
  await serve.logged(`port=${port}`);
  await serve.logged('settings read again');
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  await expect(fetch(`http://127.0.0.1:${ports.health}/ready`)).rejects.toThrow('fetch failed');
  writeFileSync(join(serve.home, '.env'), 'MAX_TOKENS=none\n');
  serve.child.kill('SIGHUP');
  await serve.logged('the settings are wrong; the old ones stay');
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
  expect([serve.state().pid, await serve.stop()]).toEqual([pid, 0]);
}, 20_000);

async function freePort(): Promise<unknown> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address;
}

async function homeWithPort(): Promise<string> {
  const home = await temporaryDirectory();
  const { port } = (await freePort()) as AddressInfo;
  writeFileSync(join(home, 'config.json'), JSON.stringify({ HEALTH_PORT: port }));
  return home;
}
