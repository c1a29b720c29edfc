/** Owns the frames between claw and one tool process: what was sent is taken before more is, what comes is counted and read a chunk at a time. */
import { ClawError } from '../kernel/errors.ts';
import { createFrameReader, encodeFrame, type Frame } from './frames.ts';
import type { ChildHandle } from './spawn.ts';

/** What a job may use of its process. */
export interface Link {
  send(frame: Frame): void;
  /** Resolves when the child has taken what was sent; rejects when the signal aborts first. */
  drained(signal: AbortSignal): Promise<void>;
  /** Replaces who listens, and counts what the child says anew. */
  listen(listeners: Listeners): void;
  /** Resolves with how the process ended. */
  readonly ended: Promise<string>;
}

export interface Listeners {
  readonly onFrame: (frame: Frame) => void;
  readonly onFault: (reason: string) => void;
}

/** Bytes of one frame: an answer or a question of 2 MiB whose every character is escaped. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024 + 65_536;
/** Bytes and frames of one call. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const MAX_FRAMES = 20_000;

/** Opens the frames of a child; nobody listens yet. */
export function openLink(child: ChildHandle): Link {
  let listeners: Listeners = { onFrame: () => {}, onFault: () => {} };
  let bytes = 0;
  let frames = 0;
  const reader = createFrameReader({
    maxBytes: MAX_FRAME_BYTES,
    onFrame: (frame) => {
      frames += 1;
      if (frames > MAX_FRAMES) listeners.onFault(`it sent more than ${MAX_FRAMES} messages`);
      else listeners.onFrame(frame);
    },
    onFault: (reason) => listeners.onFault(reason),
  });
  child.stdout.on('data', (chunk: Buffer) => {
    // One chunk in one round of the event loop: a flood waits its turn like everyone else.
    child.stdout.pause();
    setImmediate(() => child.stdout.resume());
    bytes += chunk.length;
    if (bytes > MAX_TOTAL_BYTES) listeners.onFault(`it sent more than ${MAX_TOTAL_BYTES} bytes`);
    else reader.push(chunk);
  });
  return {
    send: (frame) => void child.stdin.write(encodeFrame(frame)),
    drained: (signal) => drained(child, signal),
    listen(next) {
      listeners = next;
      [bytes, frames] = [0, 0];
    },
    ended: child.exited.then(({ code, signal }) => signal ?? `exit code ${code}`),
  };
}

async function drained({ stdin }: ChildHandle, signal: AbortSignal): Promise<void> {
  if (!stdin.writableNeedDrain) return;
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      stdin.off('drain', resolve);
      reject(new ClawError('cancelled', 'The tool call has ended.'));
    };
    stdin.once('drain', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
