/** Owns the file in which the Claude CLI keeps its log-in (`~/.claude/.credentials.json`): its shape, and how it is changed. Whatever else stands in it stays. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import { withFileLock } from '../../kernel/file-lock.ts';
import { readIfThere } from '../../kernel/read-if-there.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { AccountTokens, TokenMirror } from '../account-provider.ts';

const LOGIN = z.looseObject({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullish(),
  /** Milliseconds since 1970 UTC. */
  expiresAt: z.number().nullish(),
  scopes: z.array(z.string()).nullish(),
});
const FILE = z.looseObject({ claudeAiOauth: LOGIN.optional() });
type ClaudeFile = z.output<typeof FILE>;

/** Where the Claude CLI of this user keeps it; `folder`: home of the user. */
export function claudeFilePath(folder: string): string {
  return join(folder, '.claude', '.credentials.json');
}

/** The log-in in the file at `path`, an absolute path. */
export function claudeFile(path: string, now: () => number): TokenMirror {
  return {
    label: path,
    read: async () => {
      const { claudeAiOauth: login } = await readClaudeFile(path);
      return login === undefined ? undefined : tokensOf(login, now());
    },
    write: async (tokens) => {
      const { claudeAiOauth: old, ...rest } = await readClaudeFile(path);
      const content = { ...rest, claudeAiOauth: { ...old, ...loginOf(tokens) } };
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, `${JSON.stringify(content, null, 2)}\n`, 0o600);
    },
    locked: (work) => withFileLock(`${path}.claw-lock`, work),
  };
}

function tokensOf(login: z.output<typeof LOGIN>, now: number): AccountTokens {
  const { accessToken, refreshToken, expiresAt, scopes } = login;
  return {
    accessToken,
    // The file does not tell: only that it is not from later than now.
    issuedAt: now,
    ...(refreshToken == null ? {} : { refreshToken }),
    ...(expiresAt == null ? {} : { expiresAt }),
    ...(scopes == null ? {} : { scopes }),
  };
}

function loginOf({ accessToken, refreshToken, expiresAt, scopes }: AccountTokens) {
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

async function readClaudeFile(path: string): Promise<ClaudeFile> {
  const text = await readIfThere(path);
  if (text === undefined) return {};
  const parsed = FILE.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new ClawError('data-invalid', `${path} is not a file of the Claude CLI that claw can read.`, {
    hint: 'Log in anew with the Claude CLI, or move the file away.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
