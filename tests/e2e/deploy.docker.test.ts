/** The image of deploy/Dockerfile, built without a network on base images of this machine's own Node, and what a container of it does. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { importBaseImage } from '../fakes/base-image.ts';
import { type DockerEngine, openDockerEngine } from '../fakes/docker-engine.ts';
import { ROOT } from './run-claw.ts';

/** Containers of a busy machine take their time. */
const SLOW = { timeout: 180_000 };

/** What a Debian image has of the programs that the two stages and the checks below start. */
const BUILD_PROGRAMS = ['chmod', 'cp', 'find', 'gzip', 'ln', 'mkdir', 'mv', 'rm', 'tail', 'tar'];
const RUN_PROGRAMS = ['cat', 'find', 'grep', 'id', 'ls', 'mkdir', 'od', 'prlimit', 'sleep', 'tr'];
const HARDENED = `--read-only --tmpfs /tmp:rw,noexec,nosuid,nodev,size=64m --cap-drop ALL --network none
  --security-opt no-new-privileges --pids-limit 256 --memory 512m`.split(/\s+/);

let engine: DockerEngine;
beforeAll(async () => {
  engine = await openDockerEngine('images');
  await importBaseImage(engine.host, { name: 'base:build', programs: BUILD_PROGRAMS, npmFor: ROOT });
  await importBaseImage(engine.host, { name: 'base:run', programs: RUN_PROGRAMS });
  const bases = ['BUILD_IMAGE=base:build', 'RUNTIME_IMAGE=base:run'].flatMap((arg) => ['--build-arg', arg]);
  await engine.docker('build', '--network', 'none', ...bases, '-f', `${ROOT}/deploy/Dockerfile`, '-t', 'claw', ROOT);
}, 300_000);
afterAll(() => engine.close(), 60_000);

const WAIT_UNTIL_READY = `const ask = () => fetch('http://127.0.0.1:' + (process.env.HEALTH_PORT ?? 8766) + '/ready')
  .then(({ ok }) => ok || setTimeout(ask, 50), () => setTimeout(ask, 50)); ask();`;
const WAIT_FOR_NO_SLEEP = `const { readdirSync, readFileSync } = require('fs');
  const name = (id) => { try { return readFileSync('/proc/' + id + '/stat', 'latin1'); } catch { return ''; } };
  const look = () => readdirSync('/proc').some((id) => name(id).includes('(sleep)')) ? setTimeout(look, 20) : console.log('none is left'); look();`;

/** Starts a container and resolves when its server is ready. */
async function start(name: string, ...words: readonly string[]): Promise<void> {
  await engine.docker('run', '--detach', '--name', name, ...words, 'claw');
  onTestFinished(async () => void (await engine.docker('rm', '--force', '--volumes', name)));
  await ready(name);
}

async function ready(name: string): Promise<void> {
  await inside(name, 'node', '-e', WAIT_UNTIL_READY);
}

const inside = (name: string, ...words: readonly string[]): Promise<string[]> => engine.docker('exec', name, ...words);
const inspect = async (name: string, format: string): Promise<string> =>
  (await engine.docker('inspect', '--format', format, name)).join('\n');

/** Status of a GET to the HTTP API from inside. */
async function ask(name: string, path: string, key = ''): Promise<string> {
  const script = `fetch('http://127.0.0.1:8080${path}', {headers: {authorization: 'Bearer ${key}'}}).then(({status}) => console.log(status))`;
  return (await inside(name, 'node', '-e', script)).join('');
}

test('the image runs as nobody special, from files that are not its own, and holds only what runs', SLOW, async () => {
  const [size = ''] = await engine.docker('image', 'inspect', '--format', '{{.Size}}', 'claw');
  const [base = ''] = await engine.docker('image', 'inspect', '--format', '{{.Size}}', 'base:run');
  process.stderr.write(
    `image: ${Math.round(Number(size) / 1e6)} MB, ${Math.round(Number(base) / 1e6)} of it the base\n`,
  );
  expect(Number(size) - Number(base)).toBeLessThan(200e6);
  expect(await inspect('claw', '{{.Config.User}} {{json .Config.Volumes}} {{.Config.StopSignal}}')).toBe(
    '1000:1000 {"/data":{}} SIGTERM',
  );
  const look = (...words: string[]): Promise<string[]> =>
    engine.docker('run', '--rm', '--network', 'none', '--entrypoint', 'find', 'claw', ...words);
  const unwanted = ['*.map', '*.test.*', '.env*', '.git', '.npmrc', '.claw', '*.pem'].flatMap((name) => [
    '-o',
    '-name',
    name,
  ]);
  expect(await look('/opt', '/usr/local', '/data', ...unwanted.slice(1))).toEqual([]);
  expect(await look('/opt', '-writable')).toEqual([]);
  const packages = await look('/opt/claw/node_modules', '-maxdepth', '2', '-name', 'package.json');
  for (const name of ['node', 'typescript', 'vitest', 'esbuild', 'oxlint', 'playwright-core', 'knip']) {
    expect(packages).not.toContain(`/opt/claw/node_modules/${name}/package.json`);
  }
  expect(await inspect('claw', '{{json .Config.Env}}')).not.toMatch(/SECRET|TOKEN|KEY/);
});

test(
  'on a read-only root it answers, lets in only who has a key, stops in order and keeps its volume',
  SLOW,
  async () => {
    await start('kept', ...HARDENED, '--health-interval', '1s', '--volume', 'kept:/data');
    expect([
      await ask('kept', '/health'),
      await ask('kept', '/ready'),
      await ask('kept', '/api/v1/conversations'),
    ]).toEqual(['200', '200', '401']);
    const keys = await inside('kept', 'claw', 'user', 'key', 'create', 'owner');
    const key = keys.find((line) => line.startsWith('claw_'));
    expect(await ask('kept', '/api/v1/conversations', key)).toBe('200');
    const secret = (await inside('kept', 'cat', '/data/.env')).join('\n');
    expect(secret).toMatch(/^JWT_SECRET=[0-9a-f]{64}$/);
    expect(await inside('kept', 'find', '/data', '-not', '-user', 'node', '-o', '-perm', '/077')).toEqual([]);

    // One that takes longer is killed, and ends with 137.
    await engine.docker('stop', '--time', '10', 'kept');
    expect(await inspect('kept', '{{.State.ExitCode}} {{.State.OOMKilled}}')).toBe('0 false');
    await engine.docker('start', 'kept');
    await ready('kept');
    expect((await inside('kept', 'cat', '/data/.env')).join('\n')).toBe(secret);

    await engine.docker('kill', '--signal', 'KILL', 'kept');
    await engine.docker('start', 'kept');
    await ready('kept');
    expect(await ask('kept', '/api/v1/conversations', key)).toBe('200');
    const [made = ''] = await inside('kept', 'claw', 'backup', 'create', '--json');
    await engine.docker('stop', 'kept');
    const { file } = JSON.parse(made) as { file: string };
    const restore = `--volume kept:/data claw backup restore ${file} --yes`.split(' ');
    await engine.docker('run', '--rm', ...HARDENED, ...restore);
    await engine.docker('start', 'kept');
    await ready('kept');
    expect(await ask('kept', '/api/v1/conversations', key)).toBe('200');
    await expect.poll(() => inspect('kept', '{{.State.Health.Status}}'), { timeout: 60_000 }).toBe('healthy');
  },
);

test('children that nobody waits for are taken in', SLOW, async () => {
  await start('reaper', ...HARDENED);
  await inside('reaper', 'sh', '-c', 'sleep 0.05 & sleep 0.05 & exit 0');
  expect(await inside('reaper', 'node', '-e', WAIT_FOR_NO_SLEEP)).toEqual(['none is left']);
});

test('what works of the walls there is told by doctor', SLOW, async () => {
  await start('walls', ...HARDENED);
  const doctor = (await inside('walls', 'sh', '-c', 'claw doctor || true')).join('\n');
  expect(doctor).toMatch(/^ok +home:/m);
  expect(doctor).toMatch(/^ok +wall-quickjs: .*no permissions, with resource limits$/m);
  expect(doctor).toMatch(/^warning wall-bubblewrap: not installed/m);
  expect(
    (await inside('walls', 'claw', 'tool', 'run', 'add_two_numbers', '--input', '{"a":40,"b":2}')).join(''),
  ).toContain('42');
});

test('other machines reach the port, and without sign-in it does not open one', SLOW, async () => {
  const [http, health, ws] = await freePorts(3);
  const ports = [`DASHBOARD_PORT=${http}`, `HEALTH_PORT=${health}`, `WS_PORT=${ws}`].flatMap((word) => ['--env', word]);
  await start('public', '--network', 'host', ...ports);
  const address = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4');
  const { status } = await fetch(`http://${address?.address ?? '127.0.0.1'}:${http}/health`);
  expect(status).toBe(200);
  const refused = engine.docker('run', '--rm', '--network', 'none', '--env', 'AUTH_ENABLED=false', 'claw');
  await expect(refused).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('AUTH_ENABLED=true') as string,
  });
});

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}
