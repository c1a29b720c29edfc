/** Owns changes of a `.env` file on disk: one value, byte for byte, atomic, with the file's mode. */
import { stat } from 'node:fs/promises';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';
import { rewriteEnv } from './env-file.ts';

/** Sets `name` to `value` in the file at `path`, which is made with mode 0600 when it is missing; `lock` is the path of its lock. Throws `usage-invalid` for what cannot be a name. */
export async function setEnvValue(path: string, lock: string, name: string, value: string): Promise<void> {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ClawError('usage-invalid', `${JSON.stringify(name)} cannot be a name in a .env file.`);
  }
  await withFileLock(lock, async () => {
    const before = await readIfThere(path, 'latin1');
    const mode = before === undefined ? 0o600 : (await stat(path)).mode & 0o777;
    await replaceFile(path, rewriteEnv(Buffer.from(before ?? '', 'latin1'), name, value), mode);
  });
}
