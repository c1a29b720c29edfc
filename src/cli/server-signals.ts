/** Owns what signals mean to a server: the first SIGTERM or SIGINT stops it in order, the second ends it at once; SIGHUP has it read its settings again, or stops one whose terminal was closed. */
import { constants } from 'node:os';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { printErr } from './print.ts';

/** A stop that takes longer is cut off: what matters is stored by then. Milliseconds. */
const LONGEST_STOP_MS = 9700;

export interface ServerSignals {
  /** Aborts when the process is told to stop. The process ends by itself when that takes too long. */
  readonly stop: AbortSignal;
  onHangup(reload: () => void): void;
}

export function listenToSignals(): ServerSignals {
  const stop = new AbortController();
  const hangup = new EventTarget();
  const told = (name: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void => {
    if (stop.signal.aborted) process.exit(128 + constants.signals[name]);
    stop.abort(new ClawError('cancelled', phrase('stopped')));
    setTimeout(() => {
      printErr('claw: the stop took too long and was cut off; what is pending is stored.');
      process.exit(0);
    }, LONGEST_STOP_MS).unref();
  };
  process.on('SIGTERM', () => told('SIGTERM'));
  process.on('SIGINT', () => told('SIGINT'));
  process.on('SIGHUP', () => {
    if (process.stderr.isTTY) told('SIGHUP');
    else hangup.dispatchEvent(new Event('hangup'));
  });
  return { stop: stop.signal, onHangup: (reload) => hangup.addEventListener('hangup', reload) };
}
