/** Owns telling systemd how the server is, by its own program: Node has no datagram sockets of the file system. It promises to be silent where nobody asked, and that a failure never hurts the server. */
import { accessSync, constants } from 'node:fs';
import type { Supervisor } from '../core/config/supervisor.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { runProgram } from '../core/sandbox/run-program.ts';

export interface Notifier {
  /** Sends variables of sd_notify(3), such as `READY=1`; one message after the other. */
  send(...variables: readonly string[]): Promise<void>;
  /** Resolves when everything is sent. */
  sent(): Promise<void>;
  /** Says at half the interval that all is well, while `isWell` resolves, until `signal` aborts. */
  watch(isWell: () => Promise<void>, signal: AbortSignal): Promise<void>;
}

interface NotifierDeps {
  readonly supervisor: Supervisor | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const PROGRAMS = ['/usr/bin/systemd-notify', '/bin/systemd-notify', '/run/current-system/sw/bin/systemd-notify'];
/** The program sends at once and then waits to hear that systemd has looked at who it is; a receiver that is not systemd may never say so. */
const TIMEOUT_MS = 1500;

export function createNotifier({ supervisor, clock, log }: NotifierDeps): Notifier {
  const program = supervisor === undefined ? undefined : PROGRAMS.find(isProgram);
  if (supervisor === undefined || program === undefined) {
    if (supervisor !== undefined) log.warn({}, 'systemd-notify is not installed: the supervisor hears nothing');
    return { send: async () => {}, sent: async () => {}, watch: async () => {} };
  }
  let last: Promise<void> = Promise.resolve();
  const send = (...variables: readonly string[]): Promise<void> => {
    last = last.then(() =>
      tell(program, supervisor.socket, variables).catch((error: unknown) =>
        log.warn({ error: toError(error).message }, 'the supervisor could not be told'),
      ),
    );
    return last;
  };
  return {
    send,
    sent: () => last,
    watch: async (isWell, signal) => {
      if (supervisor.watchdogMs === undefined) return;
      while (!signal.aborted) {
        await isWell().then(
          () => send('WATCHDOG=1'),
          (error: unknown) => log.error({ error: toError(error).message }, 'the store does not answer'),
        );
        await clock.sleep(supervisor.watchdogMs / 2, signal).catch(() => {});
      }
    },
  };
}

async function tell(program: string, socket: string, variables: readonly string[]): Promise<void> {
  const { code, outcome, stderr } = await runProgram({
    program,
    args: variables,
    env: { NOTIFY_SOCKET: socket },
    cwd: '/',
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 4096,
  });
  if (outcome === 'timeout') return;
  if (code !== 0) throw new Error(stderr.toString('utf8').trim() || outcome);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
