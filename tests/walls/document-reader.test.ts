/** The wall around the reading of documents, with a hostile program in the reader's place: what a hole in a parser would give to a stranger. Harm is looked for from outside. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import { createDocumentReader } from '../../src/core/sandbox/document-reader.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

/** Runs `body` as the reader, in a folder of its own. */
async function runHostile(body: string, without: readonly Layer[] = [], timeoutMs = 20_000) {
  const folder = temporaryHome();
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'reader-child.js'), body);
  const reader = createDocumentReader({ folder, without: new Set(without) });
  const run = await reader.run({
    args: ['pdf', folder],
    input: Buffer.from('a stranger'),
    timeoutMs,
    maxOutputBytes: 1024 * 1024,
  });
  return { ...run, text: run.stdout.toString(), wall: await reader.wall(), left: processesOf(folder) };
}

/** Processes that were started for that folder: each has it on its command line. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

async function canarySocket(): Promise<{ port: number; calls: () => number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.on('error', () => {}).end('canary');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, calls: () => calls };
}

const attack = (canary: string, port: number): string => `
const tell = {};
const attempt = async (name, act) => { try { tell[name] = String(await act()).slice(0, 80); } catch (error) { tell[name] = 'refused'; } };
await attempt('read', async () => (await import('node:fs')).readFileSync(${JSON.stringify(canary)}, 'utf8'));
await attempt('write', async () => (await import('node:fs')).writeFileSync(${JSON.stringify(canary)}, 'overwritten') ?? 'written');
await attempt('system', async () => (await import('node:fs')).readFileSync('/etc/passwd', 'utf8'));
await attempt('connect', async () => (await fetch('http://127.0.0.1:${port}/')).status);
await attempt('socket', async () => { const { connect } = await import('node:net'); const s = connect(${port}, '127.0.0.1'); await new Promise((ok, no) => s.on('connect', ok).on('error', no)); return 'connected'; });
await attempt('spawn', async () => (await import('node:child_process')).execFileSync('/bin/echo', ['spawned']));
await attempt('worker', async () => { const { Worker } = await import('node:worker_threads'); const w = new Worker('1', { eval: true }); await new Promise((ok, no) => w.on('exit', ok).on('error', no)); return 'worker'; });
await attempt('signal', async () => process.kill(${process.pid}, 'SIGCONT') && 'signalled');
await attempt('sqlite', async () => { const { DatabaseSync } = await import('node:sqlite'); new DatabaseSync(${JSON.stringify(canary)}); return 'opened'; });
tell.environment = Object.keys(process.env).filter((name) => name !== 'PWD').join();
process.stdout.write(JSON.stringify(tell));`;

test.each<[string, readonly Layer[], readonly string[]]>([
  ['whole', [], []],
  ['without bubblewrap: only Node itself and the limits', ['bubblewrap'], ['signal']],
  ['without Node permissions: only bubblewrap and its filter', ['permission'], []],
])('what runs in the reader reaches nothing, the wall %s', async (_, without, reached) => {
  const canary = join(temporaryHome(), 'canary.txt');
  writeFileSync(canary, 'secret canary');
  const socket = await canarySocket();
  const { text, outcome, wall } = await runHostile(attack(canary, socket.port), without);
  expect(outcome).toBe('exited');
  const told = JSON.parse(text) as Record<string, string>;
  const { environment, worker: _worker, ...acts } = told;
  expect(environment).toBe('');
  expect(Object.entries(acts).filter(([name, what]) => what !== 'refused' && !reached.includes(name))).toEqual([]);
  expect(readFileSync(canary, 'utf8')).toBe('secret canary');
  expect(socket.calls()).toBe(0);
  expect(wall.works).toBe(!without.includes('bubblewrap'));
  if (without.includes('bubblewrap')) expect(wall.detail).toContain('without bubblewrap');
});

test('without both, the canary is reached: the test can fail', async () => {
  const canary = join(temporaryHome(), 'canary.txt');
  writeFileSync(canary, 'secret canary');
  const socket = await canarySocket();
  const { text } = await runHostile(attack(canary, socket.port), ['bubblewrap', 'permission', 'limits']);
  expect(JSON.parse(text)).toMatchObject({ read: 'secret canary', socket: 'connected', spawn: 'spawned\n' });
  expect(socket.calls()).toBeGreaterThan(0);
});

test.each([
  ['of the heap', 'const all = []; for (;;) all.push(new Array(100_000).fill(Math.random()));'],
  ['of buffers', 'const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1));'],
  [
    'of output',
    'for (;;) { if (!process.stdout.write("x".repeat(65536))) await new Promise((ok) => process.stdout.once("drain", ok)); }',
  ],
])('a bomb %s ends without harm', { timeout: 60_000 }, async (_, body) => {
  const { outcome, code, signal } = await runHostile(body);
  expect(outcome === 'output-limit' || signal !== null || (code ?? 0) !== 0).toBe(true);
});

test('what never ends is killed at its deadline with its whole group', async () => {
  const { outcome, ms, left } = await runHostile('for (;;);', [], 500);
  expect(outcome).toBe('timeout');
  expect(ms).toBeLessThan(2_000);
  expect(left).toEqual([]);
});
