/** Owns reading a file that may not exist. */
import { readFile } from 'node:fs/promises';

/** The text of the file, or undefined when there is none. Other failures are thrown. */
export async function readIfThere(path: string, encoding: BufferEncoding = 'utf8'): Promise<string | undefined> {
  try {
    return await readFile(path, encoding);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
