/** Owns writing what a command was asked to write to a file of the user's own choice: never over an existing one. */
import { open } from 'node:fs/promises';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';

/** Writes `text` to a new file and returns its size in bytes. Throws `conflict` when it exists. */
export function writeNewFile(file: string, text: string): Promise<number> {
  return writeNewPages(file, [text]);
}

/** As `writeNewFile`, for text that comes page by page. */
export async function writeNewPages(file: string, pages: AsyncIterable<string> | Iterable<string>): Promise<number> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new ClawError('conflict', phrase('fileExists', file), { hint: phrase('chooseOtherName') });
    throw new ClawError('usage-invalid', `${file} cannot be written (${code ?? 'unknown reason'}).`, { cause: error });
  });
  let bytes = 0;
  try {
    for await (const page of pages) {
      await handle.writeFile(page);
      bytes += Buffer.byteLength(page);
    }
  } finally {
    await handle.close();
  }
  return bytes;
}
