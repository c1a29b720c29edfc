/** Owns "which process is this, and does it still live": a PID alone can be reused, so its start time goes with it. */
import { readFileSync } from 'node:fs';

/** Start time of `pid` in clock ticks since boot (field 22 of /proc/PID/stat), or `-` where the platform has no /proc. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

/** Neither changes while a process lives. */
const OWN = `${process.pid}:${startTimeOf(process.pid)}`;

/** This process as `pid:start`, the form that is stored beside claims and locks. */
export function currentProcess(): string {
  return OWN;
}

/** Whether the process written as `pid:start` still runs. Another user's process counts as alive; a malformed identity as dead. */
export function isProcessAlive(identity: string): boolean {
  if (identity === OWN) return true;
  const [pidText = '', start = ''] = identity.split(':');
  if (!/^[1-9][0-9]{0,9}$/.test(pidText)) return false;
  const pid = Number(pidText);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTimeOf(pid);
  return now === '-' || start === '-' || now === start;
}
