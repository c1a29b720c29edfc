/** Owns the reading of a folder of tools: every file, by its bytes, at every look. Follows no link, opens nothing that is no plain file. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_SOURCE_BYTES, type SourceText } from '../source/read-source.ts';

export interface ToolFile extends SourceText {
  /** Base name. */
  readonly file: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly hash: string;
}

export interface UnreadableFile {
  readonly file: string;
  readonly reason: string;
}

export interface ToolFolder {
  readonly files: readonly ToolFile[];
  readonly unreadable: readonly UnreadableFile[];
}

const TOOL_FILE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\.(?:ts|mts|js|mjs)$/;
/** One byte more than allowed shows that there are too many. */
const BUFFER_BYTES = MAX_SOURCE_BYTES + 1;

/** The tool files of `folder` by name; an absent folder has none. Synchronous on purpose: a hundred small files take 2 ms so, and 10 by way of the thread pool. */
export function readToolFolder(folder: string): ToolFolder {
  const files: ToolFile[] = [];
  const unreadable: UnreadableFile[] = [];
  const names = namesIn(folder);
  // Looked at in each turn, and mostly empty.
  const buffer = Buffer.allocUnsafe(names.length === 0 ? 0 : BUFFER_BYTES);
  for (const file of names) {
    const read = readBytes(join(folder, file), buffer);
    if (typeof read === 'string') unreadable.push({ file, reason: read });
    else
      files.push({
        file,
        hash: sha256(read),
        source: read.toString('utf8'),
        language: /\.m?ts$/.test(file) ? 'ts' : 'js',
      });
  }
  return { files, unreadable };
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => TOOL_FILE.test(name) && !name.endsWith('.d.ts'))
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The bytes, or why they are not taken. The result is valid until the buffer is used again. */
function readBytes(path: string, buffer: Buffer): Buffer | string {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be opened (${code ?? 'unknown'})`;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return 'it is no plain file';
    let filled = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, filled, BUFFER_BYTES - filled, null);
      filled += count;
      if (filled === BUFFER_BYTES) return `it is larger than ${MAX_SOURCE_BYTES} bytes`;
      if (count > 0) continue;
      const bytes = buffer.subarray(0, filled);
      return isUtf8(bytes) ? bytes : 'it is no text in UTF-8';
    }
  } finally {
    closeSync(descriptor);
  }
}
