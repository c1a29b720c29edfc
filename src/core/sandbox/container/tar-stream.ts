/** Owns the writing of a tar archive (POSIX ustar) of folders and files that everybody may read. */
import { createReadStream, statSync } from 'node:fs';
import { ClawError } from '../../kernel/errors.ts';

export interface TarEntry {
  /** Path inside the archive, without a leading slash; at most 100 bytes. */
  readonly name: string;
  /** The file whose bytes it has; absent for a folder. */
  readonly source?: string;
}

const BLOCK = 512;
const MAX_NAME_BYTES = 100;

/** The archive in pieces. Files are read as they are needed; links among them are followed. Throws `sandbox-unavailable` for a name that does not fit. */
export async function* tarStream(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const { name, source } of entries) {
    if (source === undefined) {
      yield header(`${name}/`, '5', 0);
      continue;
    }
    const { size } = statSync(source);
    yield header(name, '0', size);
    // A file that grows meanwhile must not move what follows.
    if (size > 0) for await (const chunk of createReadStream(source, { end: size - 1 })) yield chunk as Buffer;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** Fields and offsets as in POSIX.1-1988, "ustar Interchange Format". */
function header(name: string, type: '0' | '5', size: number): Buffer {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new ClawError('sandbox-unavailable', `The path is too long for an archive: ${name}`, {
      hint: 'Install bubblewrap (apt-get install bubblewrap).',
    });
  }
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number): void => {
    block.write(value.toString(8).padStart(digits, '0'), at);
  };
  block.write(name, 0);
  octal(0o755, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block[154] = 0;
  return block;
}
