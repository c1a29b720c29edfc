/** Owns what signals mean to a server: the first SIGTERM or SIGINT stops it in order, the second ends it at once. */
import { constants } from 'node:os';
import { ClawError } from '../core/kernel/errors.ts';

/** A stop that takes longer is cut off: everything that matters is stored by then. Milliseconds. */
const LONGEST_STOP_MS = 9500;

/** A signal that aborts when the process is told to stop; the process ends by itself when that takes too long. */
export function stopSignal(onForced: () => void): AbortSignal {
  const stop = new AbortController();
  const told = (name: 'SIGTERM' | 'SIGINT'): void => {
    if (stop.signal.aborted) process.exit(128 + constants.signals[name]);
    stop.abort(new ClawError('cancelled', 'Stopped.'));
    setTimeout(() => {
      onForced();
      process.exit(0);
    }, LONGEST_STOP_MS).unref();
  };
  process.on('SIGTERM', () => told('SIGTERM'));
  process.on('SIGINT', () => told('SIGINT'));
  return stop.signal;
}
