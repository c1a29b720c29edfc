import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withFileLock } from '../../../src/core/kernel/file-lock.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const program = join(import.meta.dirname, 'hold-lock.ts');

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'exit'))[0];
}

/** A process that holds the lock. */
async function holder(lock: string): Promise<ChildProcess> {
  const child = start(lock, '', '0');
  await once(child.stdout ?? child, 'data');
  return child;
}

test('eight processes that change one file at once lose no change', async () => {
  const home = temporaryHome();
  const [lock, file] = [join(home, 'run', 'lock'), join(home, 'number')];
  writeFileSync(file, '0');
  const children = Array.from({ length: 8 }, () => start(lock, file, '12'));
  expect(await Promise.all(children.map(exitCode))).toEqual(Array(8).fill(0));
  expect(readFileSync(file, 'utf8')).toBe('96');
  expect(readdirSync(join(home, 'run'))).toEqual([]);
});

test('a lock that is held is waited for, and named when it stays', async () => {
  const lock = join(temporaryHome(), 'lock');
  const child = await holder(lock);
  const waiting = withFileLock(lock, async () => 'done', 50);
  await expect(waiting).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining(String(child.pid)) });
  const patient = withFileLock(lock, async () => 'done');
  child.kill('SIGKILL');
  expect(await patient).toBe('done');
});

test('eight processes that meet the lock of a killed one lose no change', async () => {
  const home = temporaryHome();
  const [lock, file] = [join(home, 'lock'), join(home, 'number')];
  writeFileSync(file, '0');
  const dead = await holder(lock);
  dead.kill('SIGKILL');
  await once(dead, 'exit');
  const children = Array.from({ length: 8 }, () => start(lock, file, '4'));
  await Promise.all(children.map(exitCode));
  expect(readFileSync(file, 'utf8')).toBe('32');
});

test.each(['', 'garbage', '999999999:1 x\n', `${process.pid}:1 a reused process id\n`])(
  'a lock file with %j belongs to nobody',
  async (content) => {
    const lock = join(temporaryHome(), 'lock');
    writeFileSync(lock, content);
    expect(await withFileLock(lock, async () => existsSync(lock), 500)).toBe(true);
    expect(existsSync(lock)).toBe(false);
  },
);

test('of many that find a dead lock at once, one at a time goes in', async () => {
  const lock = join(temporaryHome(), 'lock');
  for (let round = 0; round < 40; round += 1) {
    writeFileSync(lock, `dead owner of round ${round}`);
    let inside = 0;
    let most = 0;
    const enter = async (index: number): Promise<void> => {
      // Staggered, so that some come while others take over.
      for (let turn = 0; turn < index * (round % 5); turn += 1) await new Promise(setImmediate);
      await withFileLock(lock, async () => {
        inside += 1;
        most = Math.max(most, inside);
        await new Promise((resolve) => setTimeout(resolve, 2));
        inside -= 1;
      });
    };
    await Promise.all(Array.from({ length: 12 }, (_, index) => enter(index)));
    expect([round, most]).toEqual([round, 1]);
  }
});

test('a takeover that was killed half way blocks nobody', async () => {
  const home = temporaryHome();
  const lock = join(home, 'lock');
  writeFileSync(lock, 'garbage');
  const tombstone = `${lock}.dead-${createHash('sha256').update('garbage').digest('hex').slice(0, 32)}`;
  writeFileSync(tombstone, '999999999:1 x\n');
  const longAgo = Date.now() / 1000 - 60;
  utimesSync(tombstone, longAgo, longAgo);
  expect(await withFileLock(lock, async () => 'done', 2000)).toBe('done');
  expect(readdirSync(home)).toEqual([]);
});

test('what killed processes left half made is cleared away', async () => {
  const home = temporaryHome();
  const lock = join(home, 'lock');
  writeFileSync(lock, '999999999:1 x\n');
  writeFileSync(`${lock}.0b1f7a52-0000-4000-8000-000000000000`, '999999999:1 y\n');
  writeFileSync(join(home, 'lock-of-others'), '');
  await withFileLock(lock, async () => undefined);
  expect(readdirSync(home)).toEqual(['lock-of-others']);
});

test('a failure inside gives the lock back', async () => {
  const lock = join(temporaryHome(), 'lock');
  await expect(withFileLock(lock, () => Promise.reject(new Error('inside')))).rejects.toThrow('inside');
  expect(existsSync(lock)).toBe(false);
});
