/** Owns which folder is the home. Only a flag or the environment names it: a `.env` file never does, so that a working directory cannot. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The absolute path of the home: `flag` (relative to the working directory), CLAW_HOME, `~/.claw`. Throws `usage-invalid` or `config-invalid`. */
export function findHome(flag: string | undefined, environment: Environment): string {
  if (flag !== undefined) {
    if (flag.trim() === '') throw new ClawError('usage-invalid', phrase('homeNeedsFolder'));
    return resolve(expandTilde(flag));
  }
  const named = environment['CLAW_HOME']?.trim() ?? '';
  if (named === '') return join(homedir(), '.claw');
  const home = expandTilde(named);
  if (isAbsolute(home)) return resolve(home);
  throw new ClawError('config-invalid', `CLAW_HOME in the environment is not an absolute path: ${named}`, {
    hint: 'A relative home would change with the working directory. Write the whole path.',
  });
}

/** Creates the home with mode 0700 where it is missing. Throws `config-invalid` when that is not possible. */
export function createHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ClawError('config-invalid', phrase('homeNotCreated', home, toError(error).message), {
      hint: phrase('chooseOtherHome'),
      cause: error,
    });
  }
}

/** `path` with a leading `~` replaced by the user's home directory. */
export function expandTilde(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
