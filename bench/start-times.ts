/** Measures how long whole processes take, each beside the floor of the same round: `node -e 0`, which does nothing. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 15;
const claw = join(import.meta.dirname, '..', 'bin', 'claw.js');

interface Start {
  readonly name: string;
  readonly args: readonly string[];
  /** Times the floor. */
  readonly ratioAtMost?: number;
  readonly msAtMost?: number;
}

const STARTS: readonly Start[] = [
  { name: 'claw --version', args: ['--version'], ratioAtMost: 1.5 },
  { name: 'claw --help', args: ['--help'], ratioAtMost: 1.5 },
  { name: 'claw config get --help', args: ['config', 'get', '--help'], ratioAtMost: 3.2 },
  { name: 'claw config get', args: ['config', 'get', 'MAX_TOKENS'], ratioAtMost: 4 },
  { name: 'claw conversation list', args: ['conversation', 'list', '--json'], ratioAtMost: 4 },
  { name: 'claw chat -p, offline', args: ['chat', '-p', 'hello'], msAtMost: 280 },
  { name: 'claw chat -p, offline, one tool', args: ['chat', '-p', 'what is 2 plus 3?'], msAtMost: 2000 },
];

/** Runs every start once a round, on the home at `home`; the first round is thrown away, since it fills caches. */
export function startTimes(home: string, env: Readonly<Record<string, string>>): readonly Figure[] {
  const floor: number[] = [];
  const times = new Map<Start, number[]>(STARTS.map((start) => [start, []]));
  const failures: Figure[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const bare = timeProcess(['-e', '0'], home, env);
    if (round > 0) floor.push(bare);
    for (const [start, taken] of times) {
      try {
        const ms = timeProcess([claw, ...start.args], home, env);
        if (round > 0) taken.push(ms);
      } catch (error) {
        times.delete(start);
        failures.push({ name: start.name, value: Number.NaN, unit: 'ms', note: String(error) });
      }
    }
  }
  return [
    { name: 'floor: node -e 0', value: median(floor), unit: 'ms', note: `median of ${ROUNDS}` },
    ...[...times].map(([start, taken]) => figureOf(start, taken, floor)),
    ...failures,
  ];
}

function figureOf({ name, ratioAtMost, msAtMost }: Start, taken: readonly number[], floor: readonly number[]): Figure {
  const ratio = median(taken.map((ms, round) => ms / (floor[round] ?? Number.NaN)));
  const ms = median(taken);
  const note = `median of ${ROUNDS}; ${ms.toFixed(0)} ms, ${ratio.toFixed(2)} x floor`;
  if (msAtMost !== undefined) return { name, value: ms, unit: 'ms', atMost: msAtMost, note };
  return { name, value: ratio, unit: 'x floor', ...(ratioAtMost === undefined ? {} : { atMost: ratioAtMost }), note };
}

/** Milliseconds from the start of the process to its end. */
function timeProcess(args: readonly string[], home: string, env: Readonly<Record<string, string>>): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: home, env, encoding: 'utf8' });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`exit code ${status}: ${stderr.split('\n')[0]}`);
  return ms;
}
