import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { holdProcessLock, isProcessLockHeld } from '../../../../src/core/store/sqlite/process-lock.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

const program = join(import.meta.dirname, 'take-lock.ts');

interface Taker {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** Sends a path to lock (or nothing, to let go) and resolves with the answer. */
  ask(file: string): Promise<string>;
}

async function taker(): Promise<Taker> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    ask: async (file) => {
      child.stdin.write(`${file}\n`);
      return String((await lines.next()).value);
    },
  };
}

test('A24: of two processes that take it at the same moment, exactly one wins, 100 times', async () => {
  const takers = await Promise.all([taker(), taker()]);
  const home = temporaryHome();
  for (let round = 0; round < 100; round += 1) {
    const file = join(home, `${round}.lock`);
    if (round % 3 === 1) writeFileSync(file, '');
    if (round % 3 === 2) writeFileSync(file, 'garbage '.repeat(200));
    const answers = await Promise.all(takers.map((each) => each.ask(file)));
    expect(answers.toSorted(), `round ${round}`).toEqual(['lost', 'won']);
    await Promise.all(takers.map((each) => each.ask('')));
  }
}, 30_000);

test('it is free again when its holder was killed', async () => {
  const file = join(temporaryHome(), 'x.lock');
  const holder = await taker();
  expect([isProcessLockHeld(file), await holder.ask(file), isProcessLockHeld(file)]).toEqual([false, 'won', true]);
  expect(holdProcessLock(file)).toBeUndefined();
  holder.child.kill('SIGKILL');
  await once(holder.child, 'exit');
  expect(isProcessLockHeld(file)).toBe(false);
  holdProcessLock(file)?.release();
});

test('looking takes nothing from the holder, and the file is for its owner only', async () => {
  const file = join(temporaryHome(), 'x.lock');
  const holder = await taker();
  await holder.ask(file);
  for (let look = 0; look < 10; look += 1) expect(isProcessLockHeld(file)).toBe(true);
  expect([statSync(file).mode & 0o777, statSync(file).size]).toEqual([0o600, 0]);
});
