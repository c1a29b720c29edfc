/** Owns the key that signs access tokens: JWT_SECRET, or else a random one in a file with mode 0600 that the first use makes. */
import { randomBytes } from 'node:crypto';
import { withFileLock } from '../kernel/file-lock.ts';
import { ClawError } from '../kernel/errors.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';

/** The key in `file`, made when it is missing; hexadecimal. Throws `data-invalid` for a damaged one. */
export async function keptSigningKey(file: string, lock: string): Promise<string> {
  return (await read(file)) ?? withFileLock(lock, async () => (await read(file)) ?? make(file));
}

async function make(file: string): Promise<string> {
  const key = randomBytes(32).toString('hex');
  await replaceFile(file, `${key}\n`, 0o600);
  return key;
}

async function read(file: string): Promise<string | undefined> {
  const key = (await readIfThere(file))?.trim();
  if (key === undefined || /^[0-9a-f]{64}$/.test(key)) return key;
  throw new ClawError('data-invalid', `The signing key ${file} is damaged.`, {
    hint: 'Remove it: a new one is made, and everybody signs in again.',
  });
}
