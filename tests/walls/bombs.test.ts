/** Tools that take what they can get: each ends by its cap or at its deadline, and claw's own event loop stays free meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SandboxOutcome } from '../../src/core/sandbox/sandbox.ts';
import { openSandbox, runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';
import { NODE_BOMB_HEAD, NODE_BOMBS, QUICKJS_BOMBS } from './hostile-tools.ts';

const DEADLINE_MS = 500;
const BOMBS = [
  ...QUICKJS_BOMBS.map(([name, body]) => ({ runtime: 'quickjs', name, code: tool(body) }) as const),
  ...NODE_BOMBS.map(([name, body]) => ({ runtime: 'node', name, code: tool(body, NODE_BOMB_HEAD) }) as const),
];

interface Measured {
  readonly outcome: SandboxOutcome;
  /** 99th percentile of how late the event loop came round, in milliseconds. */
  readonly lateMs: number;
}

async function measure(work: () => Promise<SandboxOutcome>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const outcome = await work();
  delay.disable();
  return { outcome, lateMs: delay.percentile(99) / 1e6 };
}

/** Other work of the machine only makes it worse: the best of three is what the bomb itself does. */
const TRIES = 3;
const LATE_MS = 50;
const OVER_MS = 100;

test.each(BOMBS)('$runtime: $name', async ({ runtime, code }) => {
  const sandbox = openSandbox();
  await runTool(sandbox, tool('return 1'), { runtime });
  const lates: number[] = [];
  const overs: number[] = [];
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const limits = { wallMs: DEADLINE_MS };
    const { outcome, lateMs } = await measure(() => runTool(sandbox, code, { runtime, limits }));
    expect(outcome.status).toMatch(/error|timeout/);
    expect(outcome.output).toBeNull();
    lates.push(lateMs);
    overs.push(outcome.ms - DEADLINE_MS);
    if (lateMs < LATE_MS && outcome.ms < DEADLINE_MS + OVER_MS) break;
  }
  expect(Math.min(...overs)).toBeLessThan(OVER_MS);
  expect(Math.min(...lates)).toBeLessThan(LATE_MS);
});

test.each([
  ['beyond Node: buffers', 'const all = []; for (;;) all.push(Buffer.alloc(5e7, 1))'],
  [
    'beyond Node: wasm',
    'const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 1000 }); new Uint8Array(memory.buffer).fill(1); all.push(memory); }',
  ],
])('memory %s is ended by the kernel long before the deadline', async (_, body) => {
  const outcome = await runTool(openSandbox(), tool(body), { runtime: 'node', limits: { wallMs: 15_000 } });
  expect(outcome.status).toBe('error');
});

test.each([
  ['leaves by itself', 'process.exit(0)'],
  ['fails where nobody waits', "setTimeout(() => { throw new Error('late'); }, 1); await new Promise(() => {});"],
])('a process that %s is over at once', async (_, body) => {
  const outcome = await runTool(openSandbox(), tool(body), { runtime: 'node', limits: { wallMs: 10_000 } });
  expect(outcome.status).toBe('error');
  expect(outcome.ms).toBeLessThan(2_000);
});

test('processes that were started twice over, to outlive their tool, die with it', async () => {
  const mark = `claw-grandchild-${crypto.randomUUID()}`;
  const grandchild = `setInterval(() => {}, 1000); '${mark}'`;
  const child = `require('child_process').spawn('/node', ['-e', ${JSON.stringify(grandchild)}], { detached: true, stdio: 'inherit' }).unref(); process.exit(0)`;
  const body = `cp.spawn('/node', ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'inherit' }).unref(); await ctx.host('x').call('look');`;
  let seen = 0;
  const ask = async (): Promise<null> => {
    await expect.poll(() => (seen = processesWith(mark)), { timeout: 3_000 }).toBeGreaterThan(0);
    return null;
  };
  // Two layers that would stop it sooner are left out.
  const outcome = await runTool(openSandbox(['permission', 'calls'], 0), tool(body, NODE_BOMB_HEAD), {
    runtime: 'node',
    ask,
  });
  expect(outcome.status).toBe('ok');
  expect(seen).toBeGreaterThan(0);
  await expect.poll(() => processesWith(mark), { timeout: 3_000 }).toBe(0);
});

test('a fork bomb that no layer stops sooner ends at the deadline, with everything it started', async () => {
  const mark = `claw-fork-${crypto.randomUUID()}`;
  const again = `const again = () => { require('child_process').spawn('/node', ['-e', process.env.BOMB, '${mark}'], { env: process.env, detached: true, stdio: 'inherit' }); setTimeout(again, 20); }; again();`;
  const body = `process.env.BOMB = ${JSON.stringify(again)}; cp.spawn('/node', ['-e', process.env.BOMB, '${mark}'], { env: process.env, detached: true, stdio: 'inherit' }); await new Promise(() => {});`;
  const sandbox = openSandbox(['permission', 'calls'], 0);
  const running = runTool(sandbox, tool(body, NODE_BOMB_HEAD), { runtime: 'node', limits: { wallMs: 600 } });
  await expect.poll(() => processesWith(mark), { timeout: 3_000, interval: 20 }).toBeGreaterThan(1);
  const outcome = await running;
  expect(outcome.status).toMatch(/timeout|error/);
  await expect.poll(() => processesWith(mark), { timeout: 3_000 }).toBe(0);
});

test('there is no place to write to, so that no bomb of files finds one', async () => {
  const body = `const places = []; const visit = (folder, depth) => {
      try { fs.writeFileSync(folder + '/x', ''); places.push(folder); } catch {}
      try { fs.mkdirSync(folder + '/y'); places.push(folder); } catch {}
      if (depth < 6) try { for (const entry of fs.readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) visit(folder + '/' + entry.name, depth + 1); } catch {}
    };
    visit('', 0); for (const guess of ['/tmp', '/dev', '/dev/shm', '/proc', '/run', '/var/tmp', '/home', '/sys/fs/cgroup']) visit(guess, 5);
    return { places, seen: fs.readdirSync('/').length };`;
  const { output } = await runTool(openSandbox(['permission', 'calls'], 0), tool(body, NODE_BOMB_HEAD), {
    runtime: 'node',
  });
  expect(output).toMatchObject({ places: [] });
});

/** How many processes of this machine have the word among their arguments. */
function processesWith(word: string): number {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(word);
    } catch {
      return false;
    }
  }).length;
}
