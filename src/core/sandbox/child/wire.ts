/** Owns the tool's end of the wire to claw: frames by plain reads and writes of descriptors 0 and 1. Streams, and importing node:fs by name, would take a third of the start of the process. A write waits until claw reads. */
import { createFrameReader, encodeFrame, type Frame } from '../frames.ts';

const { read, writeSync } = process.getBuiltinModule('node:fs');

/** Answers hold whole pages and files. */
const MAX_LINE_BYTES = 34 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

export function send(frame: Frame): void {
  let rest = Buffer.from(encodeFrame(frame));
  while (rest.length > 0) rest = rest.subarray(write(rest));
}

/** Hands over each frame as it comes. The process ends when claw closes the wire or breaks it. */
export function receive(onFrame: (frame: Frame) => void): void {
  const reader = createFrameReader({ maxBytes: MAX_LINE_BYTES, onFrame, onFault: end });
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  const next = (): void =>
    read(0, chunk, 0, CHUNK_BYTES, null, (error, count) => {
      if (error !== null || count === 0) {
        end();
        return;
      }
      // What the reader holds of a line must not change under it.
      reader.push(Buffer.from(chunk.subarray(0, count)));
      next();
    });
  process.once('exit', end);
  next();
}

/** By a signal, whatever the reason: an ordinary exit would wait for the read that is going on. */
export function end(): void {
  process.kill(process.pid, 'SIGKILL');
  // The first process of a container does not hear its own signals.
  process.abort();
}

function write(bytes: Uint8Array): number {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    // Descriptor 1 may be one that does not wait by itself.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}
