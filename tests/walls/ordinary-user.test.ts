/** The wall as someone who is not root: claw is copied to where anyone may read it, and tried by the user `nobody`. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { tool } from '../fakes/tool-source.ts';
import { NODE_BOMB_HEAD, NODE_BOMBS, nodeTools, quickjsTools } from './hostile-tools.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NOBODY = 65534;

let folder: string;
let canaries: Canaries;
beforeAll(async () => {
  canaries = await openCanaries();
  chmodSync(canaries.folder, 0o755);
  folder = mkdtempSync(join(tmpdir(), 'claw-nobody-'));
  chmodSync(folder, 0o755);
  for (const part of ['src/core/kernel', 'src/core/sandbox', 'dist/sandbox'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  cpSync(process.execPath, join(folder, 'node'), { dereference: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'try.ts'), PROGRAM);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await canaries.close();
});

/** Reads calls as JSON, runs them two at a time, writes who it is, what the walls say and what came of the calls. */
const PROGRAM = `import { readFileSync } from 'node:fs';
import { createProcessSandbox } from './src/core/sandbox/process-sandbox.ts';
import { DEFAULT_LIMITS } from './src/core/sandbox/sandbox.ts';
const calls = JSON.parse(readFileSync(0, 'utf8'));
const sandbox = createProcessSandbox({ folder: import.meta.dirname + '/dist/sandbox' });
const outcomes = [];
let next = 0;
const ask = async () => null;
const work = async () => {
  while (next < calls.length) {
    const { runtime, code } = calls[next++];
    const limits = { ...DEFAULT_LIMITS, wallMs: 300 };
    outcomes.push(await sandbox.run({ code, runtime, input: {}, limits, ask, signal: new AbortController().signal }));
  }
};
const walls = await sandbox.walls();
await Promise.all([work(), work()]);
await sandbox.close();
process.stdout.write(JSON.stringify({ uid: process.getuid(), walls, outcomes }));`;

test('as an ordinary user both walls work, and hostile tools harm nothing', () => {
  const calls = [
    { runtime: 'quickjs', code: tool('return 1') },
    { runtime: 'node', code: tool('return process.getuid()', "import 'node:fs';") },
    ...quickjsTools(canaries)
      .filter((_, index) => index % 6 === 0)
      .map(({ body }) => ({ runtime: 'quickjs', code: tool(body) })),
    ...nodeTools(canaries).map(({ body, head }) => ({ runtime: 'node', code: tool(body, head) })),
    ...NODE_BOMBS.map(([, body]) => ({ runtime: 'node', code: tool(body, NODE_BOMB_HEAD) })),
  ];
  const isRoot = process.getuid?.() === 0;
  const { status, stdout, stderr } = spawnSync(join(folder, 'node'), ['--no-warnings', join(folder, 'try.ts')], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const said = JSON.parse(stdout) as { uid: number; walls: unknown; outcomes: { status: string; output: unknown }[] };
  expect(said.uid).not.toBe(0);
  expect(said.walls).toMatchObject([
    { name: 'quickjs', works: true },
    { name: 'bubblewrap', works: true },
  ]);
  expect(said.outcomes).toHaveLength(calls.length);
  expect(said.outcomes.filter(({ output }) => output === 1)).not.toEqual([]);
  expect(canaries.harm()).toEqual([]);
  expect(stdout).not.toContain(canaries.secret);
  expect(stdout).not.toMatch(/root:x:|CLAW_/);
}, 90_000);
