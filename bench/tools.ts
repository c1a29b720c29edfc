/** Measures the walls: what a tool call costs, warm and cold, what waits for the next one, and what a bomb does to claw's own event loop. Runs as a process of its own (`node tools.ts`) and prints its figures as JSON. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as after } from 'node:timers/promises';
import { createProcessSandbox } from '../src/core/sandbox/process-sandbox.ts';
import { DEFAULT_LIMITS, type Runtime, type Sandbox } from '../src/core/sandbox/sandbox.ts';
import { descendantsOf, proportionalSize } from '../tests/fakes/processes.ts';
import { tool } from '../tests/fakes/tool-source.ts';
import { QUICKJS_BOMBS } from '../tests/walls/hostile-tools.ts';
import type { Figure } from './figure.ts';
import { median, percentile } from './statistics.ts';
import { toolTurn } from './tool-turn.ts';

const FOLDER = join(import.meta.dirname, '..', 'dist', 'sandbox');
const WARM_CALLS = 30;
const COLD_CALLS = 25;
const TURN_CALLS = 100;
/** Time for the pool to have the next process ready, as a model gives it. */
const PAUSE_MS = 250;
const BOMB_DEADLINE_MS = 500;
const NEW_FILES = 100;
const CLAW = join(import.meta.dirname, '..', 'bin', 'claw.js');

interface Call {
  readonly body: string;
  readonly runtime?: Runtime;
  readonly turn?: string;
  readonly wallMs?: number;
}

/** Milliseconds of one call, as its caller sees them. */
async function call(sandbox: Sandbox, { body, runtime = 'quickjs', turn, wallMs = 5_000 }: Call): Promise<number> {
  const startedAt = performance.now();
  await sandbox.run({
    code: tool(body),
    runtime,
    input: {},
    limits: { ...DEFAULT_LIMITS, wallMs },
    ask: async () => null,
    signal: new AbortController().signal,
    ...(turn === undefined ? {} : { turn }),
  });
  return performance.now() - startedAt;
}

async function warm(runtime: Runtime): Promise<number[]> {
  await using sandbox = open();
  const times: number[] = [];
  await call(sandbox, { body: 'return 1', runtime });
  for (let run = 0; run < WARM_CALLS; run += 1) {
    await after(PAUSE_MS);
    times.push(await call(sandbox, { body: `return ${run}`, runtime }));
  }
  return times;
}

async function cold(): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < COLD_CALLS; run += 1) {
    await using sandbox = open();
    times.push(await call(sandbox, { body: 'return 1' }));
  }
  return times;
}

/** Milliseconds of a hundred calls one after the other, of so many different tools. */
async function turn(tools: number): Promise<number> {
  await using sandbox = open();
  await call(sandbox, { body: 'return 1' });
  await after(PAUSE_MS);
  const startedAt = performance.now();
  for (let run = 0; run < TURN_CALLS; run += 1) await call(sandbox, { body: `return ${run % tools}`, turn: 'one' });
  return performance.now() - startedAt;
}

/** What waits after calls of both runtimes, in MB. */
async function idlePool(): Promise<number> {
  await using sandbox = open();
  for (let run = 0; run < 6; run += 1)
    await Promise.all([call(sandbox, { body: `return ${run}` }), call(sandbox, { body: 'return 1', runtime: 'node' })]);
  await after(5_000);
  return descendantsOf(process.pid).reduce((sum, { pid }) => sum + proportionalSize(pid), 0) / 1e6;
}

/** How long a hundred new files in the tools folder keep the first message waiting. */
function admission(): Figure {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-'));
  mkdirSync(join(home, 'tools'));
  for (let file = 0; file < NEW_FILES; file += 1) {
    const source = tool(`return ${file};`)
      .replace("'probe'", `'tool_${file}'`)
      .replace('async run', `examples: [{ input: {}, output: ${file} }], async run`);
    writeFileSync(join(home, 'tools', `tool_${file}.ts`), source);
  }
  const list = (): number => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [CLAW, 'tool', 'list', '--json', '--home', home], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return performance.now() - startedAt;
  };
  const value = list() - list();
  rmSync(home, { recursive: true, force: true });
  return { name: `${NEW_FILES} new tool files, examined and tried`, value, unit: 'ms', atMost: 8_000 };
}

async function bombs(): Promise<{ late: number; over: number }> {
  await using sandbox = open();
  await call(sandbox, { body: 'return 1' });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const overshoots: number[] = [];
  const lates: number[] = [];
  for (const [, body] of QUICKJS_BOMBS) {
    await after(PAUSE_MS);
    delay.reset();
    delay.enable();
    overshoots.push((await call(sandbox, { body, wallMs: BOMB_DEADLINE_MS })) - BOMB_DEADLINE_MS);
    delay.disable();
    lates.push(delay.percentile(99) / 1e6);
  }
  return { late: Math.max(...lates), over: Math.max(...overshoots) };
}

function open(): Sandbox & AsyncDisposable {
  const sandbox = createProcessSandbox({ folder: FOLDER });
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() };
}

function timed(name: string, times: readonly number[], figure: 'p50' | 'p95', atMost: number): Figure {
  const value = figure === 'p50' ? median(times) : percentile(times, 0.95);
  const other = figure === 'p50' ? `p95 ${percentile(times, 0.95).toFixed(1)}` : `p50 ${median(times).toFixed(1)}`;
  return { name: `${name}, ${figure}`, value, unit: 'ms', atMost, note: `${times.length} calls, ${other}` };
}

async function measure(): Promise<readonly Figure[]> {
  const figures = [
    timed('cold tool call', await cold(), 'p95', 120),
    timed('warm tool call, QuickJS', await warm('quickjs'), 'p50', 10),
    timed('warm tool call, Node', await warm('node'), 'p50', 10),
  ];
  const note = `${TURN_CALLS} calls, one after the other`;
  figures.push(await toolTurn());
  figures.push({ name: '100 calls of one tool', value: await turn(1), unit: 'ms', atMost: 1_000, note });
  figures.push({ name: '100 calls of ten tools', value: await turn(10), unit: 'ms', note });
  figures.push(admission());
  figures.push({
    name: 'waiting tool processes',
    value: await idlePool(),
    unit: 'MB',
    atMost: 60,
    note: 'PSS, both runtimes',
  });
  const { late, over } = await bombs();
  const all = `worst of ${QUICKJS_BOMBS.length} bombs`;
  figures.push({ name: 'event loop while a bomb runs, p99', value: late, unit: 'ms', atMost: 50, note: all });
  figures.push({ name: 'end after the deadline', value: over, unit: 'ms', atMost: 100, note: all });
  return figures;
}

process.stdout.write(`${JSON.stringify(await measure())}\n`);
