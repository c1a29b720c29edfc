/** Measures the chat as a person meets it: the first frame in a real terminal, and the memory it holds while waiting. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn } from '@lydell/node-pty';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 7;
const IDLE_MS = 3000;
const LIMIT_MS = 20_000;
const claw = join(import.meta.dirname, '..', 'bin', 'claw.js');

/** First frame (process start to the first visible character) and resident memory after some idle seconds. */
export async function replFigures(home: string, env: Readonly<Record<string, string>>): Promise<readonly Figure[]> {
  const frames: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { frameMs } = await openRepl(home, env, false);
    if (round > 0) frames.push(frameMs);
  }
  const { residentMb } = await openRepl(home, env, true);
  return [
    {
      name: 'first frame of claw chat',
      value: median(frames),
      unit: 'ms',
      atMost: 300,
      note: `median of ${ROUNDS}, in a PTY`,
    },
    { name: 'claw chat, idle', value: residentMb, unit: 'MB', atMost: 110, note: `RSS after ${IDLE_MS / 1000} s` },
  ];
}

async function openRepl(
  home: string,
  env: Readonly<Record<string, string>>,
  isIdle: boolean,
): Promise<{ frameMs: number; residentMb: number }> {
  const started = performance.now();
  const terminal = spawn(process.execPath, [claw, 'chat'], {
    cols: 100,
    rows: 30,
    cwd: home,
    env: { ...env, TERM: 'xterm-256color' },
  });
  try {
    const frameMs = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('claw chat showed nothing')), LIMIT_MS);
      terminal.onExit(({ exitCode }) => reject(new Error(`claw chat ended with ${exitCode}`)));
      terminal.onData((data) => {
        if (!/\S/.test(stripVTControlCharacters(data))) return;
        clearTimeout(timer);
        resolve(performance.now() - started);
      });
    });
    if (isIdle) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    return { frameMs, residentMb: residentMb(terminal.pid) };
  } finally {
    terminal.kill('SIGKILL');
  }
}

/** Resident memory of a process in MB (10^6 bytes), from /proc (Linux). */
function residentMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(line?.[1]) * 1024) / 1e6;
}
