/** Owns writing what a command was asked to write to a file of the user's own choice: never over an existing one. */
import { writeFile } from 'node:fs/promises';
import { ClawError } from '../core/kernel/errors.ts';

/** Writes `text` to a new file and returns its size in bytes. Throws `conflict` when it exists. */
export async function writeNewFile(file: string, text: string): Promise<number> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new ClawError('conflict', `${file} exists already.`, { hint: 'Choose another name.' });
    throw new ClawError('usage-invalid', `${file} cannot be written (${code ?? 'unknown reason'}).`, { cause: error });
  }
  return Buffer.byteLength(text);
}
