/** Owns text that is piped in: read to its end, bounded, and never waited for when the question is already there and nothing comes. */
import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { ClawError } from '../core/kernel/errors.ts';

/** Bytes; the limit of a message body. */
const MAX_BYTES = 1024 * 1024;

export interface PipedInput {
  readonly text: string;
  /** Nothing had come when the time was up. */
  readonly isLate: boolean;
}

/** True when descriptor `fd` is a pipe, a socket or a file: somebody may have sent text. */
export function isPiped(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isFile() || stats.isSocket();
}

/** Reads `input` to its end. With `patienceMs`, gives up when nothing comes in that time (milliseconds). Throws `limit-reached` above 1 MiB. */
export async function readPiped(input: Readable, patienceMs?: number): Promise<PipedInput> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const done = Promise.withResolvers<boolean>();
  const timer = patienceMs === undefined ? undefined : setTimeout(() => done.resolve(true), patienceMs);
  input.on('data', (chunk: Buffer) => {
    clearTimeout(timer);
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      done.reject(
        new ClawError('limit-reached', 'More than 1 MiB came on stdin.', {
          hint: 'Send less, or attach a part of it with @file.',
        }),
      );
  });
  input.on('end', () => done.resolve(false));
  input.on('error', done.reject);
  try {
    const isLate = await done.promise;
    return { text: new TextDecoder().decode(Buffer.concat(chunks)), isLate };
  } finally {
    clearTimeout(timer);
    input.destroy();
  }
}
