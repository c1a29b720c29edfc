import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const program = join(import.meta.dirname, 'wait-for-signals.ts');

interface Waiting {
  readonly child: ChildProcess;
  /** The next thing it says. */
  next(): Promise<string>;
}

async function start(): Promise<Waiting> {
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const next = async (): Promise<string> => String((await once(child.stdout, 'data'))[0]).trim();
  expect(await next()).toBe('up');
  return { child, next };
}

test.each(['SIGTERM', 'SIGINT'] as const)('the first %s asks for a stop, the second ends at once', async (signal) => {
  const { child, next } = await start();
  const said = next();
  child.kill(signal);
  expect(await said).toBe('stop');
  const exit = once(child, 'exit');
  child.kill(signal);
  expect(await exit).toEqual([signal === 'SIGTERM' ? 143 : 130, null]);
});

test('SIGHUP asks to read the settings again and stops nothing', async () => {
  const { child, next } = await start();
  for (let times = 0; times < 2; times += 1) {
    const said = next();
    child.kill('SIGHUP');
    expect(await said).toBe('reload');
  }
  expect(child.exitCode).toBe(null);
});

test('a stop that hangs is cut off within ten seconds, with success', async () => {
  const { child, next } = await start();
  const said = next();
  child.kill('SIGTERM');
  await said;
  const started = performance.now();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(performance.now() - started).toBeLessThan(10_000);
}, 15_000);
