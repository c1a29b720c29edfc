/** Owns an account's access token that stands in the `.env` of the home: how it is read, and how the renewed one is put in its place. Nothing else of the file changes. */
import { readFile, stat } from 'node:fs/promises';
import { parseEnv } from '../../config/env-file.ts';
import { setEnvValue } from '../../config/env-writer.ts';
import { ClawError } from '../../kernel/errors.ts';
import type { AccountTokens, TokenMirror } from '../account-provider.ts';

export interface EnvTokenPlace {
  /** The file. */
  readonly path: string;
  /** Held while the file is written. */
  readonly lock: string;
  /** Names of the token, the one that counts first; a token that stands nowhere yet is appended under the last. */
  readonly names: readonly string[];
}

/** How long such a token is good at most, in ms. */
const LIFE_MS = 60 * 24 * 3_600_000;

/** Says that the end of a token is a guess: it is to be renewed once it may be, which tells the end. */
export const GUESSED = { end: 'guessed' } as const;

export function envToken(place: EnvTokenPlace): TokenMirror {
  return {
    label: `${place.path} (${place.names.at(-1) ?? ''})`,
    isTakenUp: true,
    async read() {
      const found = await findToken(place);
      return found === undefined || found.value === '' ? undefined : guessed(found.value, found.changedAt);
    },
    async write({ accessToken }) {
      const found = await findToken(place);
      await setEnvValue(place.path, place.lock, found?.name ?? place.names.at(-1) ?? '', accessToken);
    },
    // The writer of the file has a lock of its own, and reads the file again under it.
    locked: (work) => work(),
  };
}

/** Tokens of which nobody knows more than since when at least they are there, in ms since 1970 UTC. */
export function guessed(accessToken: string, since: number): AccountTokens {
  return { accessToken, issuedAt: since, expiresAt: since + LIFE_MS, extra: GUESSED };
}

async function findToken({ path, names }: EnvTokenPlace) {
  try {
    const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
    const entries = parseEnv(bytes);
    const entry = names
      .map((name) => entries.findLast((each) => each.name === name && each.value !== ''))
      .find((each) => each !== undefined);
    const any = entry ?? entries.findLast((each) => names.includes(each.name));
    return any === undefined ? undefined : { name: any.name, value: any.value, changedAt: Math.floor(mtimeMs) };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ClawError('data-invalid', `${path} cannot be read (${code}).`, { hint: 'Check its owner and mode.' });
  }
}
