import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bareEnvironment, temporaryDirectory } from '../e2e/run-claw.ts';

const COMMAND = join(import.meta.dirname, '..', 'fakes', 'test-command.ts');

async function start(args: readonly string[]) {
  const home = await temporaryDirectory();
  const child = spawn(process.execPath, [COMMAND, ...args], { env: bareEnvironment(home) });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function run(args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = await start(args);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await closed) as [number | null];
  return { stdout, stderr, code };
}

describe('a command that fails', () => {
  it('says why and what to do on stderr, with the exit code of the table', async () => {
    const { stdout, stderr, code } = await run(['refuse']);
    expect(stderr).toBe('claw: Not for you.\n      Ask the owner.\n');
    expect(stdout).toBe('');
    expect(code).toBe(5);
  });

  it('says the same as one JSON value on stdout with --json', async () => {
    const { stdout, stderr, code } = await run(['refuse', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'permission-denied', message: 'Not for you.', hint: 'Ask the owner.' },
    });
    expect(stderr).toBe('');
    expect(code).toBe(5);
  });

  it('keeps the stack of a bug and exits with 1', async () => {
    const { stderr, code } = await run(['crash']);
    expect(stderr).toContain('x is not a function');
    expect(stderr).toContain('test-command.ts');
    expect(code).toBe(1);
  });

  it('exits with 2 for words it does not understand', async () => {
    expect(await run([])).toMatchObject({ code: 2 });
    expect(await run(['wait', '--nonsense'])).toMatchObject({ code: 2 });
  });
});

describe('a command that is stopped', () => {
  const cases = [
    ['wait', 'SIGINT', 130],
    ['wait', 'SIGTERM', 143],
    ['shrug', 'SIGINT', 130],
    ['hang', 'SIGINT', 130],
  ] as const;
  for (const [behaviour, signal, code] of cases) {
    it(`exits with ${code} after ${signal} when it would ${behaviour}`, async () => {
      const child = await start([behaviour]);
      await once(child.stderr, 'data');
      child.kill(signal);
      expect(await once(child, 'close')).toEqual([code, null]);
    });
  }
});

describe('a command whose reader leaves', () => {
  it('ends without a word', async () => {
    const child = await start(['flood']);
    const remarks = text(child.stderr);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect({ code, signal, remarks: await remarks }).toEqual({ code: 0, signal: null, remarks: '' });
  });
});
