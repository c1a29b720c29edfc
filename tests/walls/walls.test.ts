import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { openSandbox, runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';
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
