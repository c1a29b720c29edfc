/** Owns the look at the processes of this machine from outside, by /proc: who descends from whom, and what they hold. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** Arguments, joined by spaces. */
  readonly command: string;
}

/** Everything that descends from `pid` and is no zombie. */
export function descendantsOf(pid: number): ProcessRow[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const found: ProcessRow[] = [];
  let parents = new Set([pid]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** The processes below this one in which tools run. */
export function toolProcesses(): ProcessRow[] {
  return descendantsOf(process.pid).filter(({ command }) => /^\S*node .*-child\.js$/.test(command));
}

/** Proportional set size of a process in bytes (proc(5), smaps_rollup); 0 when it is gone. */
export function proportionalSize(pid: number): number {
  try {
    const [, kibibytes = '0'] = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

function readProcess(name: string): ProcessRow[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    // The name in brackets may hold anything, brackets too (proc(5)).
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return [];
    const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent: Number(parent), command }];
  } catch {
    // It ended while we looked.
    return [];
  }
}

/** Whether the process is there and no zombie. */
export function isProcessAlive(pid: number): boolean {
  return readProcess(String(pid)).length > 0;
}
