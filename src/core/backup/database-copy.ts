/** Owns backups that are a database alone: the copy that an upgrade of the schema leaves behind. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { copyDatabase } from '../store/sqlite/copy-database.ts';

/** The first bytes of a database: https://www.sqlite.org/fileformat.html#magic_header_string */
const MAGIC = 'SQLite format 3\0';

/** Whether the file is a database; false for what is not there, or no file. */
export async function isDatabase(file: string): Promise<boolean> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    if (!(await handle.stat()).isFile()) return false;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.subarray(0, bytesRead).toString('latin1') === MAGIC;
  } finally {
    await handle.close();
  }
}

/** Copies the database to the new file `to`, whole on the disk. Returns the SHA-256 of `from`. */
export async function takeDatabase(from: string, to: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(from), hash, { signal });
  await copyDatabase(from, to, { signal });
  await chmod(to, 0o600);
  const handle = await open(to);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
