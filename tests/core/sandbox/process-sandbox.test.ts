import { expect, test } from 'vitest';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { openSandbox, runTool } from '../../fakes/sandbox-kit.ts';
import { tool } from '../../fakes/tool-source.ts';

test('a tool answers with data', async () => {
  const outcome = await runTool(openSandbox(), tool('return { sum: input.a + 1, list: [null, "한글"] }'), {
    input: { a: 2 },
  });
  expect(outcome).toMatchObject({ status: 'ok', output: { sum: 3, list: [null, '한글'] } });
});

test('both shapes of a tool are accepted, and anything else is told', async () => {
  const sandbox = openSandbox();
  const parents =
    "export const SCHEMA = { name: 'p', description: 'd', input_schema: { type: 'object' } }; export function main(args) { return args.a * 2 }";
  expect(await runTool(sandbox, parents, { input: { a: 4 } })).toMatchObject({ status: 'ok', output: 8 });
  expect(await runTool(sandbox, 'export default 7')).toMatchObject({
    status: 'error',
    error: expect.stringContaining('defineTool') as string,
  });
});

test('a tool describes itself without being run', async () => {
  const code = `import { defineTool, z } from 'claw/tool'; export default defineTool({ name: 'dice', description: 'Rolls.', input: z.object({ sides: z.int().min(2).default(6), label: z.string().optional() }), permissions: { net: ['api.example.com'] }, examples: [{ input: { sides: 6 } }], run() { throw new Error('never') } })`;
  const { output } = await runTool(openSandbox(), code, { input: null });
  expect(output).toEqual({
    name: 'dice',
    description: 'Rolls.',
    version: '1.0.0',
    runtime: 'quickjs',
    parallel: true,
    idempotent: false,
    provenance: 'tool',
    permissions: { net: ['api.example.com'], files: [], exec: [], secrets: [], host: [] },
    examples: [{ input: { sides: 6 } }],
    inputSchema: {
      type: 'object',
      properties: { sides: { type: 'integer', minimum: 2, default: 6 }, label: { type: 'string' } },
      additionalProperties: false,
    },
  });
});

test('fetch, files, programs and services are questions to claw, and nothing else', async () => {
  const asked: unknown[] = [];
  const ask = async (service: string, method: string, args: object) => {
    asked.push([service, method, args]);
    return service === 'fetch'
      ? { status: 200, url: 'https://example.com/', headers: { 'content-type': 'text/plain' }, body: 'hello' }
      : 'answer';
  };
  const body = `const response = await fetch('https://example.com/', { headers: { a: 'b' } });
    const file = await ctx.files.read('notes.txt');
    const memory = await ctx.host('memory').call('search', { query: 'x' });
    return [response.ok, await response.text(), response.headers.get('Content-Type'), file, memory];`;
  const outcome = await runTool(openSandbox(), tool(body), { ask });
  expect(outcome.output).toEqual([true, 'hello', 'text/plain', 'answer', 'answer']);
  expect(asked).toEqual([
    ['fetch', 'fetch', { url: 'https://example.com/', method: 'GET', headers: { a: 'b' }, secrets: {} }],
    ['files', 'read', { path: 'notes.txt' }],
    ['host:memory', 'search', { query: 'x' }],
  ]);
});

test('a refusal reaches the tool as an error it can catch', async () => {
  const ask = async (): Promise<never> => {
    throw new ClawError('sandbox-refused', 'not granted');
  };
  const outcome = await runTool(
    openSandbox(),
    tool("try { await fetch('https://example.com/') } catch (error) { return error.message }"),
    { ask },
  );
  expect(outcome.output).toBe('not granted');
});

test('logs and progress come out while the tool runs', async () => {
  const heard: string[] = [];
  await runTool(openSandbox(), tool("console.log('a', { b: 1 }); ctx.progress('half');"), {
    onLog: (text) => heard.push(`log ${text}`),
    onProgress: (text) => heard.push(`progress ${text}`),
  });
  expect(heard).toEqual(['log a {"b":1}', 'progress half']);
});

test('the standard functions of the web are there', async () => {
  const body = `const bytes = new TextEncoder().encode('폴 안녕');
    await new Promise((resolve) => setTimeout(resolve, 1));
    return [new TextDecoder().decode(bytes), atob(btoa('abc')), structuredClone({ a: [1] }), crypto.randomUUID().length, crypto.getRandomValues(new Uint8Array(4)).length];`;
  expect((await runTool(openSandbox(), tool(body))).output).toEqual(['폴 안녕', 'abc', { a: [1] }, 36, 4]);
});

test('a failing tool tells its error, a syntax error too', async () => {
  const sandbox = openSandbox();
  expect(await runTool(sandbox, tool("throw new RangeError('too far')"))).toMatchObject({
    status: 'error',
    error: 'RangeError: too far',
  });
  expect(await runTool(sandbox, 'export default {')).toMatchObject({
    status: 'error',
    error: expect.stringContaining('SyntaxError') as string,
  });
});

test('a stopped call ends at once', async () => {
  const stop = new AbortController();
  const running = runTool(openSandbox(), tool("ctx.progress('on'); await new Promise(() => {})"), {
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect(await running).toMatchObject({ status: 'cancelled' });
});

test.each([
  ['an endless loop', 'for (;;);'],
  ['endless promises', 'const again = () => Promise.resolve().then(again); await again();'],
  ['a promise nobody keeps', 'await new Promise(() => {});'],
  ['a timer that never tires', 'setInterval(() => {}, 0); await new Promise(() => {});'],
  ['a hungry regular expression', "return /^(a+)+$/.test('a'.repeat(40) + 'b');"],
])('%s ends within 100 ms of its deadline', async (_, body) => {
  const sandbox = openSandbox();
  await runTool(sandbox, tool('return 1'));
  const outcome = await runTool(sandbox, tool(body), { limits: { wallMs: 400 } });
  expect(outcome.status).toBe('timeout');
  expect(outcome.ms).toBeLessThan(400 + 100);
});

test.each([
  ['arrays', 'const all = []; for (;;) all.push(new Array(1e5).fill(1));'],
  ['buffers', 'const all = []; for (;;) all.push(new ArrayBuffer(1e7));'],
  ['strings', "let text = 'x'; for (;;) text += text;"],
  ['recursion', 'const deep = () => deep() + 1; return deep();'],
  ['a flood of logs', "for (;;) console.log('x'.repeat(1e5));"],
  ['an answer too long', "return 'x'.repeat(3e6);"],
  [
    'a thousand questions and one more',
    "for (let i = 0; i < 1001; i += 1) await ctx.host('x').call('y'); return 'done';",
  ],
])('%s end the tool, not claw', async (_, body) => {
  const outcome = await runTool(openSandbox(), tool(body), { limits: { wallMs: 5_000 } });
  expect(outcome.status).toMatch(/error|timeout/);
  expect(outcome.output).toBeNull();
});

test('one call knows nothing of the one before it', async () => {
  const sandbox = openSandbox();
  await runTool(sandbox, tool('globalThis.left = 1; Object.prototype.left = 1; return 1'));
  expect((await runTool(sandbox, tool('return [typeof left, typeof ({}).left]'))).output).toEqual([
    'undefined',
    'undefined',
  ]);
});

test.each(['process', 'require', 'Deno', 'WebAssembly', 'Worker', '__bridge', '__run', 'std', 'os', 'XMLHttpRequest'])(
  'there is no %s in a tool',
  async (name) => {
    const outcome = await runTool(openSandbox([], 0), tool(`return typeof globalThis[${JSON.stringify(name)}]`));
    expect(outcome.output).toBe('undefined');
  },
);

test("a module other than the author's interface cannot be imported", async () => {
  const sandbox = openSandbox();
  for (const name of [
    'node:fs',
    'fs',
    './x.js',
    'file:///etc/passwd',
    'data:text/javascript,1',
    'https://example.com/x.js',
  ]) {
    expect(await runTool(sandbox, tool(`return Object.keys(await import(${JSON.stringify(name)}))`))).toMatchObject({
      status: 'error',
    });
  }
});

test('a service that breaks tells the tool nothing of this machine', async () => {
  const ask = async (): Promise<never> => {
    throw new Error('ENOENT /home/somebody/.claw');
  };
  const outcome = await runTool(
    openSandbox(),
    tool("try { await ctx.host('x').call('y') } catch (error) { return error.message }"),
    { ask },
  );
  expect(outcome.output).toBe('claw could not do this');
});

test('a hundred questions at once are all answered, eight at a time', async () => {
  let open = 0;
  let most = 0;
  const eight = Promise.withResolvers<void>();
  const ask = async (): Promise<number> => {
    most = Math.max(most, (open += 1));
    if (open === 8) eight.resolve();
    await eight.promise;
    // Whoever would come beside the eight comes now.
    await new Promise(setImmediate);
    open -= 1;
    return 1;
  };
  const body = "return (await Promise.all(Array.from({ length: 100 }, () => ctx.host('x').call('y')))).length;";
  expect(await runTool(openSandbox(), tool(body), { ask })).toMatchObject({ status: 'ok', output: 100 });
  expect(most).toBe(8);
});
