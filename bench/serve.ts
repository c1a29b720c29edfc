/** Measures the server: from its start to ready, its stop, and what it costs while nothing happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChatPlatforms } from './chat-platforms.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
/** How long after its start it counts as idle, and over how long that is looked at, in milliseconds. */
const SETTLE_MS = 5000;
const IDLE_MS = 10_000;
/** Clock ticks of /proc/PID/stat in a second (USER_HZ, the same on every Linux that Node runs on). */
const TICKS = 100;
const claw = join(import.meta.dirname, '..', 'bin', 'claw.js');

type Environment = Readonly<Record<string, string>>;

/** The server with nothing configured, and with every chat platform connected to its stand-in. */
export async function serveFigures(env: Environment): Promise<readonly Figure[]> {
  const alone = await figuresWith(env, 'nothing configured');
  const platforms = await startChatPlatforms();
  try {
    const what = `${platforms.count} chat platforms`;
    return [...alone, ...(await figuresWith({ ...env, ...platforms.env }, what, platforms.count))];
  } finally {
    await platforms.close();
  }
}

/** Each round on a fresh home; `what` names the settings in the table. */
async function figuresWith(env: Environment, what: string, channels = 0): Promise<readonly Figure[]> {
  const readyMs: number[] = [];
  const connectedMs: number[] = [];
  const stopMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const taken = await withServer(env, channels, async (server, { ready, connected }) => ({
      ready,
      connected,
      stop: await timeStop(server),
    }));
    // The first round fills caches.
    if (round === 0) continue;
    readyMs.push(taken.ready);
    connectedMs.push(taken.connected);
    stopMs.push(taken.stop);
  }
  const idle = await withServer(env, channels, idleFigures);
  const note = `median of ${ROUNDS}`;
  const connected = {
    name: `serve, ${what}: start to all connected`,
    value: median(connectedMs),
    unit: 'ms',
    note,
  } as const;
  return [
    { name: `serve, ${what}: start to ready`, value: median(readyMs), unit: 'ms', atMost: 700, note },
    ...(channels === 0 ? [] : [connected]),
    { name: `serve, ${what}: SIGTERM to end`, value: median(stopMs), unit: 'ms', atMost: 10_000, note },
    { name: `serve, ${what}: idle RSS of the tree`, value: idle.rssMb, unit: 'MB', atMost: 130 },
    {
      name: `serve, ${what}: idle PSS of the tree`,
      value: idle.pssMb,
      unit: 'MB',
      note: `${idle.processes} process(es)`,
    },
    {
      name: `serve, ${what}: idle CPU`,
      value: idle.cpuPercent,
      unit: '%',
      atMost: 0.5,
      note: `over ${IDLE_MS / 1000} s`,
    },
  ];
}

interface Times {
  /** Milliseconds from the start of the process until it takes messages, and until every channel is connected. */
  readonly ready: number;
  readonly connected: number;
}

/** Starts a server on a fresh home, hands it to `work` once its channels are connected, and ends it. */
async function withServer<T>(
  env: Environment,
  channels: number,
  work: (server: ChildProcess, times: Times) => Promise<T>,
): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-serve-'));
  const started = performance.now();
  const server = spawn(process.execPath, [claw, 'serve'], {
    cwd: home,
    env: { ...env, HOME: home, CLAW_HOME: home, HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const logged = readLog(server);
  try {
    const [ready, connected] = await Promise.all([logged('server is ready', 1), logged('channel connected', channels)]);
    return await work(server, { ready: ready - started, connected: connected - started });
  } finally {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(home, { recursive: true, force: true });
  }
}

/** Reads the log of a server; the function it gives resolves with the moment at which `text` stood in it `times` times. */
function readLog({ stderr }: ChildProcess): (text: string, times: number) => Promise<number> {
  let log = '';
  stderr?.on('data', (data) => (log += String(data)));
  return (text, times) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (log.split(text).length > times) resolve(performance.now());
      };
      stderr?.on('data', look).on('end', () => reject(new Error(`claw serve did not start:\n${log}`)));
      look();
    });
}

async function timeStop(server: ChildProcess): Promise<number> {
  const started = performance.now();
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  return performance.now() - started;
}

async function idleFigures({ pid = 0 }: ChildProcess) {
  await sleep(SETTLE_MS);
  const before = treeOf(pid).map(ticksOf);
  await sleep(IDLE_MS);
  const tree = treeOf(pid);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const seconds = (sum(tree.map(ticksOf)) - sum(before)) / TICKS;
  return {
    processes: tree.length,
    rssMb: sum(tree.map((each) => kilobytes(each, 'status', 'VmRSS'))) / 1024,
    pssMb: sum(tree.map((each) => kilobytes(each, 'smaps_rollup', 'Pss'))) / 1024,
    cpuPercent: (seconds / (IDLE_MS / 1000)) * 100,
  };
}

/** The process and all that descend from it. */
function treeOf(pid: number): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = all.map((name) => [Number(name), Number(statOf(name)[1])] as const);
  const tree = [pid];
  for (const each of tree) tree.push(...parents.filter(([, parent]) => parent === each).map(([child]) => child));
  return tree;
}

/** The fields of /proc/PID/stat after the name: state, parent, … */
function statOf(pid: string | number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function ticksOf(pid: number): number {
  const fields = statOf(pid);
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function kilobytes(pid: number, file: string, field: string): number {
  const text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
}
