import { existsSync, readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { openSandbox, runTool, tool } from '../fakes/sandbox-kit.ts';
import { nodeTools, quickjsTools } from './hostile-tools.ts';

let canaries: Canaries;
beforeAll(async () => {
  canaries = await openCanaries();
});
afterAll(() => canaries.close());

/** Nothing outside is touched, and the secret of the canary does not come back. */
function expectUnharmed(outcomes: readonly unknown[]): void {
  expect(canaries.harm()).toEqual([]);
  expect(JSON.stringify(outcomes)).not.toContain(canaries.secret);
}

test('bubblewrap works here: these tests judge the whole wall', async () => {
  expect(await openSandbox().walls()).toMatchObject([
    { name: 'quickjs', works: true },
    { name: 'bubblewrap', works: true },
  ]);
});

test('every reach out of QuickJS with every act harms nothing', async () => {
  const sandbox = openSandbox();
  const outcomes = [];
  for (const { body } of quickjsTools(canaries))
    outcomes.push(await runTool(sandbox, tool(body), { limits: { wallMs: 2_000 } }));
  expect(outcomes.length).toBeGreaterThan(150);
  expectUnharmed(outcomes);
}, 120_000);

test('tools with the modules of Node harm nothing', async () => {
  const sandbox = openSandbox();
  for (const { name, body, head } of nodeTools(canaries)) {
    const outcome = await runTool(sandbox, tool(body, head), { runtime: 'node', limits: { wallMs: 2_000 } });
    expectUnharmed([name, outcome]);
    expect(JSON.stringify(outcome), name).not.toMatch(/"in"|root:x:|CLAW_|"true"/);
  }
}, 120_000);

describe('each layer holds alone what the other would let through', () => {
  const cases: readonly (readonly [removed: Layer, left: string, body: (canaries: Canaries) => string])[] = [
    ['permission', 'bubblewrap', ({ file }) => `return fs.readFileSync(${JSON.stringify(file)}, 'utf8')`],
    ['permission', 'bubblewrap', ({ file }) => `fs.writeFileSync(${JSON.stringify(file)}, 'owned')`],
    ['permission', 'bubblewrap', ({ victim }) => `process.kill(${victim}, 'SIGKILL')`],
    [
      'permission',
      'bubblewrap',
      ({ port }) =>
        `return await new Promise((done) => net.connect(${port}, '127.0.0.1').on('connect', () => done('in')).on('error', done))`,
    ],
    ['permission', 'bubblewrap', () => "return cp.execSync('id').toString()"],
    ['permission', 'bubblewrap', () => "return fs.readFileSync('/etc/passwd', 'utf8')"],
  ];
  test.each(cases)('without %s, %s still refuses (%#)', async (removed, _, body) => {
    const head = "import fs from 'node:fs'; import net from 'node:net'; import cp from 'node:child_process';";
    const outcome = await runTool(openSandbox([removed], 0), tool(body(canaries), head), { runtime: 'node' });
    expectUnharmed([outcome]);
    expect(outcome.status).toMatch(/error|ok/);
    expect(JSON.stringify(outcome)).not.toMatch(/"in"|root:|uid=/);
  });

  test('a tool that needs Node is refused where bubblewrap is missing', async () => {
    await expect(
      runTool(openSandbox(['bubblewrap'], 0), tool('return 1', "import 'node:fs';"), { runtime: 'node' }),
    ).rejects.toMatchObject({ code: 'sandbox-unavailable' });
  });

  test('without bubblewrap, QuickJS in its process still harms nothing', async () => {
    const sandbox = openSandbox(['bubblewrap']);
    const outcomes = [];
    for (const { body } of quickjsTools(canaries).filter((_, index) => index % 6 === 0))
      outcomes.push(await runTool(sandbox, tool(body)));
    expectUnharmed(outcomes);
  }, 60_000);
});

test('memory that Node does not count is counted by the kernel', async () => {
  const sandbox = openSandbox();
  for (const body of [
    'const all = []; for (;;) all.push(Buffer.alloc(5e7, 1))',
    'const all = []; for (;;) all.push(new WebAssembly.Memory({ initial: 1000 }))',
  ]) {
    const outcome = await runTool(sandbox, tool(body, "import 'node:fs';"), {
      runtime: 'node',
      limits: { wallMs: 8_000 },
    });
    expect(outcome.status).toBe('error');
  }
}, 60_000);

test('while a bomb goes off, the event loop of claw stays free', async () => {
  const sandbox = openSandbox();
  await runTool(sandbox, tool('return 1'));
  // Other tests share the machine: what they cost the loop is measured first.
  const quiet = await loopDelayWhile(() => new Promise((resolve) => setTimeout(resolve, 500)));
  const bombs = [
    'for (;;);',
    'const all = []; for (;;) all.push(new ArrayBuffer(1e6));',
    "for (;;) console.log('x'.repeat(1e4));",
    'const again = () => Promise.resolve().then(again); await again();',
  ];
  for (const body of bombs) {
    const delay = await loopDelayWhile(() => runTool(sandbox, tool(body), { limits: { wallMs: 800 } }));
    expect(delay - quiet, body).toBeLessThan(50);
  }
}, 30_000);

/** The 99th percentile of the event loop's delay while `work` goes on, in milliseconds. */
async function loopDelayWhile(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await work();
  delay.disable();
  return delay.percentile(99) / 1e6;
}

test('after many hostile tools no process and no descriptor is left', async () => {
  const sandbox = openSandbox();
  const bodies = [
    'for (;;);',
    "throw new Error('x')",
    'return 1',
    'await new Promise(() => {})',
    "return 'x'.repeat(5e6)",
  ];
  await runTool(sandbox, tool('return 1'));
  const before = { descriptors: readdirSync('/proc/self/fd').length, children: childrenOf(process.pid).length };
  for (let round = 0; round < 100; round += 1) {
    await runTool(sandbox, tool(bodies[round % bodies.length] ?? ''), { limits: { wallMs: 60 } });
  }
  await sandbox.close();
  expect(childrenOf(process.pid).length).toBeLessThanOrEqual(before.children);
  expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before.descriptors);
}, 120_000);

/** Processes whose parent is `pid`, from /proc. */
function childrenOf(pid: number): string[] {
  const list = `/proc/${pid}/task`;
  return existsSync(list) ? readdirSync(list).flatMap((task) => readChildren(`${list}/${task}/children`)) : [];
}

function readChildren(file: string): string[] {
  try {
    return process
      .getBuiltinModule('node:fs')
      .readFileSync(file, 'utf8')
      .split(' ')
      .filter((word) => word !== '');
  } catch {
    return [];
  }
}
