/** The container wall with a real engine: bubblewrap is left out, and mostly Node's permission model too, so that the container holds alone. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import { createContainerWall } from '../../src/core/sandbox/container/container-wall.ts';
import { createProcessSandbox } from '../../src/core/sandbox/process-sandbox.ts';
import type { Sandbox, SandboxOutcome } from '../../src/core/sandbox/sandbox.ts';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { type DockerEngine, openDockerEngine } from '../fakes/docker-engine.ts';
import { runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';

const folder = join(import.meta.dirname, '..', '..', 'dist', 'sandbox');
const HEAD =
  "import fs from 'node:fs'; import net from 'node:net'; import cp from 'node:child_process'; import os from 'node:os';";
const DEAD_PID = 4_194_304 - 1;

let engine: DockerEngine;
let canaries: Canaries;
beforeAll(async () => {
  [engine, canaries] = await Promise.all([openDockerEngine(), openCanaries()]);
}, 60_000);
afterAll(async () => {
  await canaries.close();
  await engine.close();
}, 60_000);

function openSandbox(without: readonly Layer[] = [], home = '/home/one'): Sandbox {
  const environment = { DOCKER_HOST: engine.host, CLAW_SECRET: canaries.secret };
  const container = createContainerWall({ folder, home, environment, without: new Set(without) });
  const sandbox = createProcessSandbox({ folder, idleMs: 0, without: new Set(['bubblewrap']), container });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function inContainer(body: string, without?: readonly Layer[], wallMs = 5_000): Promise<SandboxOutcome> {
  const sandbox = openSandbox(without);
  const outcome = await runTool(sandbox, tool(body, HEAD), { runtime: 'node', limits: { wallMs } });
  await sandbox.close();
  return outcome;
}

test('a tool with the modules of Node answers from a container, and the walls say so', async () => {
  const sandbox = openSandbox();
  expect(await sandbox.walls()).toMatchObject([
    { name: 'quickjs', works: true },
    { name: 'bubblewrap', works: false },
    { name: 'container', works: true, detail: expect.stringMatching(/^docker \d+\.\d+/) as string },
  ]);
  const body = 'return { sum: input.a + 1, host: os.hostname(), echo: await ctx.files.read("한글") }';
  const asked = { runtime: 'node', input: { a: 2 }, ask: async () => 'text' } as const;
  expect(await runTool(sandbox, tool(body, HEAD), asked)).toMatchObject({
    status: 'ok',
    output: { sum: 3, host: 'tool', echo: 'text' },
  });
}, 60_000);

test.each([[[]], [['permission']]] as const)(
  'without %j, nothing outside is read, written, reached or known',
  async (without) => {
    const { file, port, socket, victim, secret } = canaries;
    const body = `
      const attempt = async (act) => { try { return String(await act()) } catch (error) { return 'refused ' + error.code } };
      const connect = (to) => new Promise((done, fail) => net.connect(to).on('connect', () => done('in')).on('error', fail));
      return {
        read: await attempt(() => fs.readFileSync(${JSON.stringify(file)}, 'utf8')),
        write: await attempt(() => fs.writeFileSync(${JSON.stringify(file)}, 'owned')),
        root: await attempt(() => fs.writeFileSync('/claw/node-child.js', 'owned')),
        temp: await attempt(() => fs.writeFileSync('/dev/shm/x', 'owned')),
        port: await attempt(() => connect({ host: '127.0.0.1', port: ${port} })),
        socket: await attempt(() => connect({ path: ${JSON.stringify(socket)} })),
        engine: await attempt(() => connect({ path: ${JSON.stringify(engine.host.slice('unix://'.length))} })),
        kill: await attempt(() => process.kill(${victim}, 'SIGKILL')),
      };`;
    const { output } = await inContainer(body, without);
    expect(Object.keys(output as object)).toHaveLength(8);
    for (const [act, said] of Object.entries(output as Record<string, string>)) expect(said, act).toMatch(/^refused E/);
    expect(canaries.harm()).toEqual([]);
    const known = await inContainer('return { ...process.env, ids: [process.getuid(), process.getgid()] }', without);
    expect(JSON.stringify(known)).not.toContain(secret);
    const { ids, ...names } = known.output as Record<string, unknown>;
    expect(names).toEqual({});
    expect(ids).toEqual([65534, 65534]);
  },
  60_000,
);

test('a tool of processes and one of memory end within their deadline, and leave nothing', async () => {
  const forks = "for (;;) cp.spawn('/node', ['-e', 'setInterval(() => {}, 1000)']).on('error', () => {});";
  const memory = 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1));';
  for (const body of [forks, memory]) {
    const started = performance.now();
    const { status } = await inContainer(body, ['permission'], 3_000);
    expect(status).toMatch(/timeout|error/);
    // The deadline, and the start of the engine's image and probe on a busy machine.
    expect(performance.now() - started).toBeLessThan(20_000);
  }
  expect(await engine.docker('ps', '--all', '--quiet')).toEqual([]);
}, 60_000);

test('after a deadline no container is left', async () => {
  const sandbox = openSandbox();
  const outcome = await runTool(sandbox, tool('for (;;) {}', HEAD), { runtime: 'node', limits: { wallMs: 1_000 } });
  expect(outcome.status).toBe('timeout');
  await sandbox.close();
  expect(await engine.docker('ps', '--all', '--quiet')).toEqual([]);
}, 60_000);

test('when claw is killed, the container of a tool that waits ends by itself', async () => {
  const place = mkdtempSync(join(tmpdir(), 'claw-host-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  writeFileSync(join(place, 'host.mts'), hostProgram());
  const host = spawn(process.execPath, ['--no-warnings', join(place, 'host.mts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void host.kill('SIGKILL'));
  await once(host.stdout, 'data');
  expect(await engine.docker('ps', '--quiet')).toHaveLength(1);
  host.kill('SIGKILL');
  await expect.poll(() => engine.docker('ps', '--all', '--quiet'), { timeout: 10_000 }).toEqual([]);
}, 60_000);

/** A claw whose tool waits for ever, and that says so. */
function hostProgram(): string {
  const source = join(import.meta.dirname, '..', '..', 'src', 'core', 'sandbox');
  const from = (name: string): string => JSON.stringify(join(source, name));
  const wall = JSON.stringify({ folder, home: '/home/one', environment: { DOCKER_HOST: engine.host } });
  return `import { createContainerWall } from ${from('container/container-wall.ts')};
import { createProcessSandbox } from ${from('process-sandbox.ts')};
import { DEFAULT_LIMITS } from ${from('sandbox.ts')};
const container = createContainerWall(${wall});
const sandbox = createProcessSandbox({ folder: ${JSON.stringify(folder)}, idleMs: 0, without: new Set(['bubblewrap']), container });
const code = ${JSON.stringify(tool("ctx.progress('on'); await new Promise((done) => setTimeout(done, 60_000));"))};
await sandbox.run({ code, runtime: 'node', input: {}, limits: DEFAULT_LIMITS, ask: async () => null, signal: new AbortController().signal, onProgress: () => console.log('on') });`;
}

test('what a dead claw of this home left is removed at the first use, and nothing of anybody else', async () => {
  await inContainer('return 1');
  const [image = ''] = await engine.docker('images', '--format', '{{.Repository}}:{{.Tag}}', 'claw-tool-wall');
  const leave = async (home: string, pid: number): Promise<string> => {
    const owner = createHash('sha256').update(home).digest('hex').slice(0, 16);
    const name = `claw-tool-${owner}-${pid}-left`;
    await engine.docker('create', '--name', name, '--label', `claw.home=${owner}`, '--network=none', image, '/node');
    return name;
  };
  const [dead, living, foreign] = [
    await leave('/home/one', DEAD_PID),
    await leave('/home/one', process.ppid),
    await leave('/home/two', DEAD_PID),
  ];
  const sandbox = openSandbox();
  await sandbox.walls();
  await sandbox.close();
  const left = await engine.docker('ps', '--all', '--format', '{{.Names}}');
  expect(left.toSorted()).toEqual([living, foreign].toSorted());
  expect(left).not.toContain(dead);
  await engine.docker('rm', ...left);
}, 60_000);
