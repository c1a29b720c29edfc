import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { childCommand, sharedLibraries, systemProgram } from '../../../src/core/sandbox/child-command.ts';
import { ChildPool } from '../../../src/core/sandbox/child-pool.ts';
import { startToolProcess, type ToolProcess } from '../../../src/core/sandbox/tool-process.ts';
import { descendantsOf, proportionalSize, toolProcesses } from '../../fakes/processes.ts';
import { openSandbox, runTool } from '../../fakes/sandbox-kit.ts';
import { tool } from '../../fakes/tool-source.ts';

const PROGRAMS = {
  node: process.execPath,
  libraries: sharedLibraries(),
  folder: join(import.meta.dirname, '..', '..', '..', 'dist', 'sandbox'),
  bubblewrap: systemProgram('bwrap'),
  prlimit: systemProgram('prlimit'),
};

/** A pool of real processes that writes down which of them served each call. */
function openPool(): { pool: ChildPool; served: number[]; children: ToolProcess[] } {
  const served: number[] = [];
  const children: ToolProcess[] = [];
  const pool = new ChildPool(async (runtime) => {
    const child = recorded(startToolProcess(childCommand(PROGRAMS, runtime)), served);
    children.push(child);
    return child;
  }, 10_000);
  onTestFinished(() => pool.close());
  return { pool, served, children };
}

function recorded(child: ToolProcess, served: number[]): ToolProcess {
  return {
    pid: child.pid,
    exited: child.exited,
    get mayServe() {
      return child.mayServe;
    },
    ready: () => child.ready(),
    kill: () => child.kill(),
    run(request) {
      served.push(child.pid);
      return child.run(request);
    },
  };
}

const COUNTS = tool('globalThis.calls = (globalThis.calls ?? 0) + 1; return calls;');

test('calls of the same code in the same turn share a process, and nothing of one is left for the next', async () => {
  const { pool, served } = openPool();
  const leave = `const seen = [typeof left, typeof ({}).left, typeof fetch.left, [1].includes(1)];
    globalThis.left = 1; Object.prototype.left = 1; fetch.left = 1; Array.prototype.includes = () => false;
    setInterval(() => console.log('still here'), 0); void fetch('https://example.com/'); return seen;`;
  for (let call = 0; call < 5; call += 1) {
    const logs: string[] = [];
    const outcome = await runTool(pool, tool(leave), { turn: 'a', onLog: (text) => logs.push(text) });
    expect(outcome.output).toEqual(['undefined', 'undefined', 'undefined', true]);
    expect(logs).toEqual([]);
  }
  expect(new Set(served).size).toBe(1);
});

test.each([
  ['another turn', COUNTS, { turn: 'b' }],
  ['other code', `${COUNTS}\n`, { turn: 'a' }],
  ['no turn', COUNTS, {}],
  ['no turn after no turn', COUNTS, {}, {}],
])('%s never meets the process of a call before', async (_, code, options, before = { turn: 'a' }) => {
  const { pool, served } = openPool();
  await runTool(pool, COUNTS, before);
  await runTool(pool, code, options);
  expect(new Set(served).size).toBe(2);
});

test.each([
  ['that was stopped at its deadline', 'await new Promise(() => {})'],
  ['that ran out of memory and was told', 'const all = []; for (;;) all.push(new ArrayBuffer(1e6).slice());'],
  ['whose answer was too long', "return 'x'.repeat(3e6)"],
  ['that asked too often', "for (let i = 0; i < 1001; i += 1) await ctx.host('x').call('y');"],
])('a call %s takes its process with it', async (_, body) => {
  const { pool, served } = openPool();
  await runTool(pool, tool(body), { turn: 'a', limits: { wallMs: 500 } });
  await runTool(pool, tool(body), { turn: 'a', limits: { wallMs: 500 } });
  expect(new Set(served).size).toBe(2);
});

test('a tool that failed by itself may be called again in the same process', async () => {
  const { pool, served } = openPool();
  const code = tool("throw new Error('no')");
  await runTool(pool, code, { turn: 'a' });
  expect(await runTool(pool, code, { turn: 'a' })).toMatchObject({ status: 'error', error: 'Error: no' });
  expect(new Set(served).size).toBe(1);
});

test('a call that goes on after its answer does not hold up the next one for long', async () => {
  const { pool } = openPool();
  const code = `export const SCHEMA = { name: 'p', description: 'd', input_schema: { type: 'object' } };
    export function main(input) {
      if (input.isBad) setTimeout(() => { for (;;); }, 0);
      return new Promise((resolve) => setTimeout(() => resolve(2), 0));
    }`;
  await runTool(pool, code, { turn: 'a', input: { isBad: true }, limits: { wallMs: 500 } });
  const startedAt = performance.now();
  expect(await runTool(pool, code, { turn: 'a' })).toMatchObject({ status: 'ok', output: 2 });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('tools with runtime node have a process for each call', async () => {
  const { pool, served } = openPool();
  await runTool(pool, COUNTS, { runtime: 'node', turn: 'a' });
  expect((await runTool(pool, COUNTS, { runtime: 'node', turn: 'a' })).output).toBe(1);
  expect(new Set(served).size).toBe(2);
});

test('a turn that goes round ten tools starts ten processes', async () => {
  const { pool, served } = openPool();
  for (let call = 0; call < 30; call += 1)
    expect((await runTool(pool, tool(`return ${call % 10}`), { turn: 'a' })).output).toBe(call % 10);
  expect(new Set(served).size).toBe(10);
});

test('one process waits when nobody calls, then none', async () => {
  const sandbox = openSandbox([], 4_500);
  await Promise.all(['1', '2', '3'].map((turn) => runTool(sandbox, tool(`return ${turn}`), { turn })));
  await expect.poll(() => toolProcesses().length, { timeout: 4_400, interval: 50 }).toBe(1);
  const bytes = descendantsOf(process.pid).reduce((sum, { pid }) => sum + proportionalSize(pid), 0);
  expect(bytes / 1e6).toBeLessThan(60);
  await expect.poll(() => toolProcesses().length, { timeout: 6_000, interval: 50 }).toBe(0);
}, 20_000);

test('a process that died while it waited is replaced', async () => {
  const { pool, served, children } = openPool();
  for (const turn of ['a', 'a', 'b']) {
    expect((await runTool(pool, tool('return 1'), { turn })).output).toBe(1);
    for (const { pid } of toolProcesses()) process.kill(pid, 'SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
  }
  expect(new Set(served).size).toBe(3);
});

test('one call and the end of the command start one process, not two', async () => {
  const sandbox = openSandbox();
  await runTool(sandbox, tool('return 1'));
  const { length } = toolProcesses();
  await sandbox.close();
  expect(length).toBeLessThanOrEqual(1);
  expect(toolProcesses()).toEqual([]);
});
