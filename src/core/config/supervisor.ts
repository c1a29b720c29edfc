/** Owns what a supervisor (systemd) said to this process when it started it (sd_notify(3), sd_watchdog_enabled(3)). */
import type { Environment } from './home.ts';

export interface Supervisor {
  /** Address of the socket that takes notifications. */
  readonly socket: string;
  /** Milliseconds within which it wants to hear that all is well; undefined when it does not watch. */
  readonly watchdogMs: number | undefined;
}

/** Undefined when no supervisor asked to be told anything. `pid` is that of this process. */
export function readSupervisor(environment: Environment, pid: number): Supervisor | undefined {
  const socket = environment['NOTIFY_SOCKET'] ?? '';
  if (!/^[/@]/.test(socket)) return undefined;
  const microseconds = Number(environment['WATCHDOG_USEC']);
  const isForUs = [undefined, '', String(pid)].includes(environment['WATCHDOG_PID']);
  return { socket, watchdogMs: isForUs && microseconds > 0 ? microseconds / 1000 : undefined };
}
