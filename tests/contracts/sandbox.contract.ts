/** What every adapter of the Sandbox port promises, whatever its walls are made of. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type { Runtime, Sandbox } from '../../src/core/sandbox/sandbox.ts';
import { runTool } from '../fakes/sandbox-kit.ts';
import { tool } from '../fakes/tool-source.ts';

export interface SandboxUnderTest {
  readonly name: string;
  readonly runtimes: readonly Runtime[];
  open(): Sandbox;
}

export function sandboxContract({ name, runtimes, open }: SandboxUnderTest): void {
  const opened = (): Sandbox => {
    const sandbox = open();
    onTestFinished(() => sandbox.close());
    return sandbox;
  };
  describe.each(runtimes)(`${name}, runtime %s`, (runtime) => {
    const run = (code: string, options: Parameters<typeof runTool>[2] = {}) =>
      runTool(opened(), code, { runtime, ...options });

    test('a tool gets its input and answers with data', async () => {
      const outcome = await run(tool('return { sum: input.a + 1, words: ["한글", null] }'), { input: { a: 2 } });
      expect(outcome).toMatchObject({ status: 'ok', output: { sum: 3, words: ['한글', null] } });
      expect(outcome.ms).toBeGreaterThanOrEqual(0);
    });

    test('a tool without an answer answers null', async () => {
      expect(await run(tool(''))).toMatchObject({ status: 'ok', output: null });
    });

    test('a tool describes itself without being run', async () => {
      const { output } = await run(tool("throw new Error('never')"), { input: null });
      expect(output).toMatchObject({ name: 'probe', description: 'a probe', permissions: { net: [], exec: [] } });
    });

    test('a failure is a value with its words', async () => {
      expect(await run(tool("throw new RangeError('too far')"))).toMatchObject({
        status: 'error',
        output: null,
        error: 'RangeError: too far',
      });
    });

    test('a text that is no tool is an error', async () => {
      expect(await run('export default {')).toMatchObject({ status: 'error', output: null });
      expect(await run('export default 7')).toMatchObject({ status: 'error', output: null });
    });

    test.each([
      ['a bigint', 'return { big: 1n };'],
      ['a circle', 'const a = {}; a.self = a; return a;'],
      ['a toJSON that throws', "return { toJSON() { throw new Error('mine'); } };"],
      ['a proxy that throws', "return new Proxy({}, { ownKeys() { throw new Error('mine'); } });"],
      [
        'a failure that throws',
        "throw new Proxy({}, { get() { throw new Error('mine'); }, getPrototypeOf() { throw new Error('mine'); } });",
      ],
    ])('%s that JSON cannot hold is an error at once', async (_name, body) => {
      const outcome = await run(tool(body));
      expect(outcome).toMatchObject({ status: 'error', output: null });
      expect(outcome.error).toMatch(/cannot be written as JSON|mine/);
    });

    test('questions reach claw and come back, refusals as errors that a tool can catch', async () => {
      const ask = async (service: string, method: string): Promise<string> => {
        if (method === 'no') throw new ClawError('sandbox-refused', 'not granted');
        return `${service}.${method}`;
      };
      const body =
        "const yes = await ctx.host('x').call('yes'); const no = await ctx.host('x').call('no').catch((error) => error.message); return [yes, no];";
      expect((await run(tool(body), { ask })).output).toEqual(['host:x.yes', 'not granted']);
    });

    test('logs and progress come out while it runs', async () => {
      const heard: string[] = [];
      const listen = {
        onLog: (text: string) => heard.push(`log ${text}`),
        onProgress: (text: string) => heard.push(`progress ${text}`),
      };
      await run(tool("console.log('a', 1); ctx.progress('half');"), listen);
      expect(heard).toEqual(['log a 1', 'progress half']);
    });

    test('it ends at its deadline', async () => {
      const outcome = await run(tool('for (;;);'), { limits: { wallMs: 400 } });
      expect(outcome).toMatchObject({ status: 'timeout', output: null });
    });

    test('it ends when it is stopped, also before it began', async () => {
      const stop = new AbortController();
      const running = run(tool("ctx.progress('on'); for (;;);"), {
        signal: stop.signal,
        onProgress: () => stop.abort(),
      });
      expect(await running).toMatchObject({ status: 'cancelled', output: null });
      expect(await run(tool('return 1'), { signal: AbortSignal.abort() })).toMatchObject({ status: 'cancelled' });
    });

    test('an answer longer than allowed is an error, and so are too many questions', async () => {
      const long = await run(tool("return 'x'.repeat(2000)"), { limits: { outputBytes: 1000 } });
      expect(long).toMatchObject({ status: 'error', output: null });
      const curious = await run(tool("for (let i = 0; i < 6; i += 1) await ctx.host('x').call('y'); return 1;"), {
        limits: { asks: 5 },
      });
      expect(curious).toMatchObject({ status: 'error', output: null });
    });

    test('no call knows of another, in the same turn or not', async () => {
      const sandbox = opened();
      const body = 'const seen = typeof globalThis.left; globalThis.left = 1; return seen;';
      for (const turn of ['a', 'a', 'b'])
        expect((await runTool(sandbox, tool(body), { runtime, turn })).output).toBe('undefined');
    });

    test('calls run side by side', async () => {
      const sandbox = opened();
      const calls = Array.from({ length: 6 }, (_, index) => runTool(sandbox, tool(`return ${index}`), { runtime }));
      expect((await Promise.all(calls)).map(({ output }) => output)).toEqual([0, 1, 2, 3, 4, 5]);
    });

    test('when it is closed, what runs ends', async () => {
      const sandbox = opened();
      const { promise, resolve } = Promise.withResolvers<void>();
      const running = runTool(sandbox, tool("ctx.progress('on'); await new Promise(() => {});"), {
        runtime,
        onProgress: () => resolve(),
      });
      await promise;
      await sandbox.close();
      expect((await running).status).toMatch(/error|cancelled/);
    });
  });

  test(`${name} says what its walls are`, async () => {
    const walls = await opened().walls();
    expect(walls.length).toBeGreaterThan(0);
    for (const { detail, works } of walls) expect([typeof works, detail.length > 0]).toEqual(['boolean', true]);
  });
}
