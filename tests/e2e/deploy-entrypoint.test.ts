/** What process 1 of the container does before the server starts; here without an image, so the server itself cannot start. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, temporaryDirectory } from './run-claw.ts';

const SECRET = /^JWT_SECRET=[0-9a-f]{64}\n$/;

function start(home: string): void {
  const env = { PATH: process.env['PATH'], CLAW_HOME: home, AUTH_ENABLED: 'true' };
  spawnSync('sh', [join(ROOT, 'deploy', 'entrypoint.sh'), 'serve'], { env, timeout: 20_000 });
}

test('a secret is made once, for its owner alone', async () => {
  const home = join(await temporaryDirectory(), 'new');
  start(home);
  const made = readFileSync(join(home, '.env'), 'utf8');
  expect(made).toMatch(SECRET);
  expect(statSync(join(home, '.env')).mode & 0o777).toBe(0o600);
  start(home);
  expect(readFileSync(join(home, '.env'), 'utf8')).toBe(made);
});

test.each(['A_KEY=made-up', 'A_KEY=made-up\n'])('it does not become one with the last line of %j', async (before) => {
  const home = await temporaryDirectory();
  writeFileSync(join(home, '.env'), before);
  start(home);
  const [first, ...rest] = readFileSync(join(home, '.env'), 'utf8').split(/(?<=\n)/);
  expect(first).toBe('A_KEY=made-up\n');
  expect(rest.join('')).toMatch(SECRET);
});
