import { expect, it } from 'vitest';
import { runInTerminal } from '../../../src/core/sandbox/run-in-terminal.ts';

const NEVER = new AbortController().signal;

function node(code: string, env: Readonly<Record<string, string>> = {}) {
  return { program: process.execPath, args: ['-e', code], env, cwd: '/' };
}

it('tells how the program ended, which had the environment it was given and no other', async () => {
  expect(await runInTerminal(node('process.exit(Object.keys(process.env).length + 2)', { A: '1' }), NEVER)).toEqual({
    code: 3,
    signal: null,
  });
});

it('says so when the program cannot be started', async () => {
  const request = { program: '/nowhere/codex', args: [], env: {}, cwd: '/' };
  await expect(runInTerminal(request, NEVER)).rejects.toMatchObject({ code: 'sandbox-unavailable' });
});

it('ends the program when it is to stop', async () => {
  const stop = new AbortController();
  const run = runInTerminal(node('setInterval(() => {}, 1000)'), stop.signal);
  stop.abort();
  expect(await run).toEqual({ code: null, signal: 'SIGTERM' });
});
