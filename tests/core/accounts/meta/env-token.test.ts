import { chmodSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { envToken } from '../../../../src/core/accounts/meta/env-token.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

const NAMES = ['CLAW_THREADS_ACCESS_TOKEN', 'THREADS_ACCESS_TOKEN'];
const NEW = "new$&$1$'$`\\n-canary";

function bench(content?: string) {
  const home = temporaryHome();
  const path = join(home, '.env');
  if (content !== undefined) writeFileSync(path, content);
  return { path, mirror: envToken({ path, lock: join(home, 'run', 'env.lock'), names: NAMES }) };
}

it.each([
  ['a plain line', 'A=1\nTHREADS_ACCESS_TOKEN=old\nB=$&\n', 'A=1\nTHREADS_ACCESS_TOKEN=@\nB=$&\n'],
  ['CR LF', 'A=1\r\nTHREADS_ACCESS_TOKEN=old\r\nB=2\r\n', 'A=1\r\nTHREADS_ACCESS_TOKEN=@\r\nB=2\r\n'],
  ['export', '  export THREADS_ACCESS_TOKEN = old\n', '  export THREADS_ACCESS_TOKEN = @\n'],
  ['a comment', 'THREADS_ACCESS_TOKEN=old   # mine\n', 'THREADS_ACCESS_TOKEN=@   # mine\n'],
  ['quotes', 'THREADS_ACCESS_TOKEN="old" # mine', 'THREADS_ACCESS_TOKEN="@" # mine'],
  ['the other name', 'CLAW_THREADS_ACCESS_TOKEN=old\n', 'CLAW_THREADS_ACCESS_TOKEN=@\n'],
  ['no such line', 'A=1', 'A=1\nTHREADS_ACCESS_TOKEN=@\n'],
  ['no such line and CR LF', 'A=1\r\n', 'A=1\r\nTHREADS_ACCESS_TOKEN=@\r\n'],
  ['no file', undefined, 'THREADS_ACCESS_TOKEN=@\n'],
])('puts the token into a file with %s and changes nothing else', async (_, before, after) => {
  const { path, mirror } = bench(before);
  await mirror.write({ accessToken: 'new$&-canary', issuedAt: 0 });
  expect(readFileSync(path, 'latin1')).toBe(after.replace('@', () => 'new$&-canary'));
});

it('keeps the mode of the file and gives a new one to its owner alone', async () => {
  const { path, mirror } = bench('THREADS_ACCESS_TOKEN=old\n');
  chmodSync(path, 0o640);
  await mirror.write({ accessToken: NEW, issuedAt: 0 });
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(await mirror.read()).toMatchObject({ accessToken: NEW });
  const fresh = bench();
  await fresh.mirror.write({ accessToken: NEW, issuedAt: 0 });
  expect(statSync(fresh.path).mode & 0o777).toBe(0o600);
});

it('reads the name that counts, and when the file was last changed', async () => {
  const { path, mirror } = bench('THREADS_ACCESS_TOKEN=plain\nCLAW_THREADS_ACCESS_TOKEN=ours\n');
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  const issuedAt = 1_700_000_000_000;
  expect(await mirror.read()).toEqual({
    accessToken: 'ours',
    issuedAt,
    expiresAt: issuedAt + 60 * 24 * 3_600_000,
    extra: { end: 'guessed' },
  });
});

it.each([undefined, '', 'A=1\n', 'THREADS_ACCESS_TOKEN=\n'])('finds no token in %j', async (content) => {
  expect(await bench(content).mirror.read()).toBeUndefined();
});
