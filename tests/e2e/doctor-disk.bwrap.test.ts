/** `claw doctor` on homes that cannot be written: bubblewrap mounts them read-only, or on a disk of their own that is full. It needs the program bwrap; without it this file fails, which is meant. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bareEnvironment, CLAW, runClaw, temporaryDirectory } from './run-claw.ts';

interface Row {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly fix: string | null;
}

const BWRAP = '/usr/bin/bwrap';

function examine(home: string, mount: readonly string[], args: readonly string[] = []) {
  expect(existsSync(BWRAP), `${BWRAP} is missing`).toBe(true);
  const words = ['--dev-bind', '/', '/', ...mount, '--', process.execPath, CLAW, 'doctor', '--json', ...args];
  const options = { env: bareEnvironment(home), cwd: '/', encoding: 'utf8', timeout: 60_000 } as const;
  const { stdout, stderr, status } = spawnSync(BWRAP, words, options);
  return { status, stderr, json: JSON.parse(stdout) as unknown };
}

test('a home that is mounted read-only is told with the command that mends it, and nothing breaks', async () => {
  const home = await temporaryDirectory();
  chmodSync(home, 0o700);
  expect((await runClaw(['memory', 'stats'], { home })).code).toBe(0);
  const mount = ['--ro-bind', home, home];
  const { status, json } = examine(home, mount);
  const of = (check: string) => (json as Row[]).find((row) => row.check === check);
  expect(status).toBe(10);
  expect(of('home-writable')).toMatchObject({ status: 'error', fix: `sudo mount -o remount,rw ${home}` });
  expect(of('store')).toMatchObject({ status: 'warning', fix: `sudo mount -o remount,rw ${home}` });
  expect((json as Row[]).filter(({ detail }) => detail.startsWith('The check itself failed'))).toEqual([]);
  const mended = examine(home, mount, ['--fix']).json as { snapshot: string | null };
  expect(mended.snapshot).toBeNull();
});

test('a home on a disk that is full is told, and nothing breaks', async () => {
  const home = await temporaryDirectory();
  const { status, json } = examine(home, ['--size', '65536', '--tmpfs', home]);
  const of = (check: string) => (json as Row[]).find((row) => row.check === check);
  expect(status).toBe(10);
  expect(of('disk-space')).toMatchObject({ status: 'error', fix: `du -hd1 ${home}` });
  expect(of('store')).toMatchObject({ status: 'warning', fix: `du -hd1 ${home}` });
  expect((json as Row[]).filter(({ detail }) => detail.startsWith('The check itself failed'))).toEqual([]);
});
