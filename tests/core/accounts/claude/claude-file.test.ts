import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claudeFile, claudeFilePath } from '../../../../src/core/accounts/claude/claude-file.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

const NOW = 1_800_000_000_000;
const TOKENS = { accessToken: 'a-2', refreshToken: 'r-2', expiresAt: NOW + 1000, issuedAt: NOW, scopes: ['one'] };

function kit(content?: unknown) {
  const path = claudeFilePath(temporaryHome());
  if (content !== undefined) {
    mkdirSync(join(path, '..'));
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    chmodSync(path, 0o644);
  }
  return { path, file: claudeFile(path, () => NOW), json: () => JSON.parse(readFileSync(path, 'utf8')) as unknown };
}

test('tokens are read in the shape of the Claude CLI, milliseconds and all', async () => {
  const login = { accessToken: 'a-1', refreshToken: 'r-1', expiresAt: NOW + 5, scopes: ['x'], subscriptionType: 'max' };
  const { file } = kit({ claudeAiOauth: login });
  expect(await file.read()).toEqual({
    accessToken: 'a-1',
    refreshToken: 'r-1',
    expiresAt: NOW + 5,
    issuedAt: NOW,
    scopes: ['x'],
  });
});

test('a file that is not there, or holds no log-in, has no tokens', async () => {
  expect(await kit().file.read()).toBeUndefined();
  expect(await kit({ mcpOAuth: {} }).file.read()).toBeUndefined();
});

test('new tokens keep whatever else stands in the file, with mode 0600', async () => {
  const login = {
    accessToken: 'a-1',
    refreshToken: 'r-1',
    expiresAt: 1,
    scopes: ['x'],
    subscriptionType: 'max',
    rateLimitTier: 'x20',
  };
  const { file, path, json } = kit({ mcpOAuth: { server: { token: 't' } }, claudeAiOauth: login });
  await file.locked(() => file.write(TOKENS));
  expect(json()).toEqual({
    mcpOAuth: { server: { token: 't' } },
    claudeAiOauth: {
      accessToken: 'a-2',
      refreshToken: 'r-2',
      expiresAt: NOW + 1000,
      scopes: ['one'],
      subscriptionType: 'max',
      rateLimitTier: 'x20',
    },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file is made where there is none', async () => {
  const { file, path, json } = kit();
  await file.write(TOKENS);
  const { issuedAt, ...login } = TOKENS;
  expect(issuedAt).toBe(NOW);
  expect(json()).toEqual({ claudeAiOauth: login });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a file that cannot be read as that is neither used nor overwritten', async () => {
  const { file, path } = kit('{"claudeAiOauth": {"accessToken": "a-');
  await expect(file.read()).rejects.toMatchObject({ code: 'data-invalid' });
  await expect(file.write(TOKENS)).rejects.toMatchObject({ code: 'data-invalid' });
  expect(readFileSync(path, 'utf8')).toBe('{"claudeAiOauth": {"accessToken": "a-');
  expect(existsSync(`${path}.claw-lock`)).toBe(false);
});
