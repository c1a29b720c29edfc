/** Ten thousand messages that no honest tool would send, from a live process in the tool's place. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createProcessSandbox } from '../../src/core/sandbox/process-sandbox.ts';
import { descendantsOf } from '../fakes/processes.ts';
import { runTool } from '../fakes/sandbox-kit.ts';

const CALLS = 100;
const FRAMES_PER_CALL = 100;

/** mulberry32: the same messages in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KEYS = ['type', 'id', 'text', 'service', 'method', 'args', 'result', '__proto__', 'constructor', 'toString', ''];
const WORDS = [
  'log',
  'progress',
  'ask',
  'fetch',
  'files',
  'exec',
  'host:x',
  'then',
  '__proto__',
  'constructor',
  'hasOwnProperty',
];
/** JSON texts, and what a tool might put where JSON text is expected. */
const VALUES = [
  'null',
  'true',
  '-0',
  '1e999',
  '9007199254740993',
  '""',
  String.raw`"\u0000"`,
  String.raw`"\ud800"`,
  '"{}"',
  '"null"',
  JSON.stringify('{"__proto__":{"polluted":1}}'),
  JSON.stringify('{"constructor":{"prototype":{"polluted":1}}}'),
  JSON.stringify('{"a":[[[[]]]]}'),
  '"{"',
  JSON.stringify('x'.repeat(5_000)),
];

/** A message that may be taken, so that the next one is read too: any keys and values around a type that is known. */
function oddFrame(next: () => number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] ?? '';
  const members = Array.from({ length: 1 + Math.floor(next() * 6) }, () => {
    const value = next() < 0.4 ? JSON.stringify(pick(WORDS)) : pick(VALUES);
    return `${JSON.stringify(pick(KEYS))}:${value}`;
  });
  return `{${members.join(',')},"type":${JSON.stringify(pick(['log', 'progress', 'ask']))}}`;
}

/** A message that is broken in some way: the last one that is read. */
function brokenFrame(next: () => number): string {
  const frame = oddFrame(next);
  const at = Math.floor(next() * frame.length);
  switch (Math.floor(next() * 6)) {
    case 0:
      return frame.slice(0, at);
    case 1:
      return `${frame.slice(0, at)}\0\u0007${frame.slice(at)}`;
    case 2:
      return `[${frame}]`;
    case 3:
      return `{"a":${'['.repeat(100)}`;
    case 4:
      return `{"type":"${'x'.repeat(1_000)}"}`;
    default:
      return `{"type":"done","result":${JSON.stringify(frame.slice(0, at))}}`;
  }
}

/** A program that sends the file of its call in pieces of odd sizes. */
const PROGRAM = `const fs = process.getBuiltinModule('node:fs');
  const raw = (bytes) => { for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(fs.writeSync(1, rest.subarray(0, 7919))); };
  raw(Buffer.from('{"type":"ready"}\\n'));
  const job = JSON.parse(fs.readSync(0, (globalThis.b = Buffer.alloc(65536))) && b.toString().split('\\n')[0]);
  raw(fs.readFileSync(import.meta.dirname + '/frames-' + job.code));
  setInterval(() => {}, 1000);`;

test('10,000 fuzzed messages of a live process do not hurt the host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'claw-fuzz-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'quickjs-child.js'), PROGRAM);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  let sent = 0;
  for (let call = 0; call < CALLS; call += 1) {
    const next = random(call + 1);
    const frames = Array.from({ length: FRAMES_PER_CALL - 2 }, () => oddFrame(next));
    frames.push('{"type":"progress","text":"all before me were read"}', brokenFrame(next));
    sent += frames.length;
    writeFileSync(join(folder, `frames-${call}`), `${frames.join('\n')}\n`);
  }
  expect(sent).toBe(10_000);

  const sandbox = createProcessSandbox({ folder, idleMs: 1_000 });
  const descriptors = readdirSync('/proc/self/fd').length;
  let heard = 0;
  let reached = 0;
  const wrong: unknown[] = [];
  const ask = async (service: string, method: string, args: object): Promise<string> => {
    heard += 1;
    if (typeof service !== 'string' || typeof method !== 'string' || Object.getPrototypeOf(args) !== null)
      wrong.push([service, method, args]);
    return service;
  };
  const hear = (text: string): void => {
    if (text === 'all before me were read') reached += 1;
    heard += 1;
    if (typeof text !== 'string') wrong.push(text);
  };
  let call = 0;
  const work = async (): Promise<void> => {
    while (call < CALLS) {
      const code = String(call);
      call += 1;
      const outcome = await runTool(sandbox, code, { ask, onLog: hear, onProgress: hear, limits: { wallMs: 1_000 } });
      expect(outcome.status).toMatch(/error|timeout/);
    }
  };
  await Promise.all([work(), work()]);
  await sandbox.close();

  expect(wrong).toEqual([]);
  expect(reached).toBe(CALLS);
  expect(heard).toBeGreaterThan(1_000);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.keys(Object.prototype)).toEqual([]);
  await expect.poll(() => descendantsOf(process.pid), { timeout: 5_000 }).toEqual([]);
  await expect.poll(() => readdirSync('/proc/self/fd').length, { timeout: 5_000 }).toBeLessThanOrEqual(descriptors);
}, 60_000);
