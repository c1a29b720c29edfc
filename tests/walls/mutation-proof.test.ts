/** Each layer of the wall has acts that it alone stops. Here each is taken out of the source, one at a time, and its acts must then succeed: a test of the wall that stays green without the wall proves nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Canaries, openCanaries } from '../fakes/canaries.ts';
import { type Mutation, withMutant } from '../fakes/mutant.ts';
import { isProcessAlive } from '../fakes/processes.ts';
import { runTool } from '../fakes/sandbox-kit.ts';
import { type Act, asked, asProgram, inNode, isHarm, NOTHING, says, tryAsProgram, tryInNode } from './acts.ts';

let canaries: Canaries;
beforeAll(async () => {
  canaries = await openCanaries();
});
afterAll(() => canaries.close());

const fetchArgs = { url: 'https://example.com/', method: 'GET', headers: {}, secrets: {} };

interface Row {
  readonly name: string;
  readonly mutation: Mutation;
  readonly act: Act;
}

const flag = (word: string): Mutation => ({ file: 'child-command.ts', from: `    '${word}',\n`, to: '' });
const command = (from: string, to: string): Mutation => ({ file: 'child-command.ts', from, to });

const LAYERS: Readonly<Record<string, readonly Row[]>> = {
  'flags of Node': [
    {
      name: '--permission',
      mutation: command("without.has('permission') ? []", 'true ? []'),
      act: inNode("return fs.readFileSync('/node').length > 0 && 'harm'"),
    },
    {
      name: '--no-experimental-sqlite',
      mutation: flag('--no-experimental-sqlite'),
      act: inNode("return process.getBuiltinModule('node:sqlite') !== undefined && 'harm'"),
    },
    {
      name: '--disable-proto',
      mutation: {
        file: 'child-command.ts',
        from: "  node: ['--disable-proto=delete', ",
        to: '  node: [',
      },
      act: inNode("return ({}).__proto__ !== undefined && 'harm'"),
    },
    {
      name: '--disallow-code-generation-from-strings',
      mutation: flag('--disallow-code-generation-from-strings'),
      act: inNode('return new Function(\'return "harm"\')()'),
    },
  ],
  bubblewrap: [
    {
      name: 'all of it: files',
      mutation: command('const isWrapped = ', 'const isWrapped = false && '),
      act: async (modules) =>
        says(
          await tryInNode(modules, `return fs.readFileSync(${JSON.stringify(canaries.file)}, 'utf8')`, [
            'permission',
            'calls',
          ]),
        ).includes(canaries.secret),
    },
    {
      name: 'all of it: other processes',
      mutation: command('const isWrapped = ', 'const isWrapped = false && '),
      act: async (modules) =>
        says(await tryInNode(modules, `return process.kill(${canaries.victim}, 0)`, ['permission', 'calls'])) ===
        'true',
    },
    {
      name: '--unshare-all: network',
      mutation: command("'--unshare-all'", "'--unshare-pid', '--unshare-uts'"),
      act: (modules) =>
        inNode(
          `return await new Promise((done) => net.connect(${canaries.port}, '127.0.0.1').on('connect', () => done('harm')).on('error', done))`,
          ['permission', 'calls'],
        )(modules),
    },
    {
      name: '--remount-ro: a place to write to',
      mutation: command("    '--remount-ro',\n    '/',\n", ''),
      act: inNode("fs.writeFileSync('/x', ''); return fs.existsSync('/x') && 'harm'", ['permission', 'limits']),
    },
  ],
  'filter of system calls': [
    {
      name: 'processes',
      mutation: command('const filter = isWrapped', 'const filter = false'),
      act: inNode("return cp.spawnSync('/node', ['-e', '']).status === 0 && 'harm'", ['permission']),
    },
    {
      name: 'sockets',
      mutation: {
        file: 'system-call-filter.ts',
        from: '  socket: [41, 198],\n  socketpair: [53, 199],\n  connect: [42, 203],\n',
        to: '',
      },
      act: inNode(
        "return await new Promise((done) => net.connect(1, '127.0.0.1').on('error', ({ code }) => done(code === 'ECONNREFUSED' ? 'harm' : code)))",
        ['permission'],
      ),
    },
  ],
  'limits of the kernel': [
    {
      name: 'writable memory',
      mutation: command('`--data=', '`--stack='),
      act: inNode("return Buffer.alloc(1_300_000_000).length > 0 && 'harm'"),
    },
    {
      name: 'descriptors',
      mutation: command("'--nofile=256:256', ", ''),
      act: inNode("for (let i = 0; i < 300; i += 1) fs.openSync('/claw/author.js'); return 'harm'"),
    },
  ],
  'caps of the wire': [
    {
      name: 'messages of a call',
      mutation: { file: 'tool-link.ts', from: 'MAX_FRAMES = 20_000', to: 'MAX_FRAMES = 1e9' },
      act: asProgram('raw(\'{"type":"log"}\\n\'.repeat(30_000)); done()'),
    },
    {
      name: 'bytes of a call',
      mutation: { file: 'tool-link.ts', from: 'MAX_TOTAL_BYTES = 32 * 1024 * 1024', to: 'MAX_TOTAL_BYTES = 1e12' },
      act: asProgram(
        "const text = 'x'.repeat(1e6); for (let i = 0; i < 40; i += 1) say({ type: 'log', text }); done()",
      ),
    },
    {
      name: 'bytes of a message',
      mutation: {
        file: 'tool-link.ts',
        from: 'MAX_FRAME_BYTES = 4 * 1024 * 1024 + 65_536',
        to: 'MAX_FRAME_BYTES = 1e12',
      },
      act: asProgram("say({ type: 'log', text: 'x'.repeat(6e6) }); done()"),
    },
    {
      name: 'shape of a message',
      mutation: { file: 'frames.ts', from: "if (!fits(text, FRAME)) return 'a line is no flat JSON object';", to: '' },
      act: asProgram("say({ type: 'log', text: 'x', more: [[[[]]]] }); done()"),
    },
    {
      name: 'shape of an answer',
      mutation: { file: 'frames.ts', from: 'depth: 64,', to: 'depth: 6400,' },
      act: async (modules) =>
        (await tryAsProgram(modules, "done('{\"ok\":true,\"output\":' + '['.repeat(500) + ']'.repeat(500) + '}')"))
          .status === 'ok',
    },
    {
      name: 'keys that name a prototype',
      mutation: { file: 'frames.ts', from: "['__proto__', 'constructor', 'prototype']", to: '[]' },
      act: async (modules) =>
        says(
          await tryAsProgram(modules, 'done(\'{"ok":true,"output":{"__proto__":{"x":1},"constructor":1}}\')'),
        ).includes('constructor'),
    },
    {
      name: 'bytes of an answer',
      mutation: { file: 'tool-job.ts', from: 'Buffer.byteLength(result) > outputBytes + ENVELOPE_CHARS', to: 'false' },
      act: async (modules) =>
        (await tryAsProgram(modules, "done(JSON.stringify({ ok: true, output: 'x'.repeat(2e6) }))")).status === 'ok',
    },
    {
      name: 'questions of a call',
      mutation: { file: 'tool-job.ts', from: 'if (asks > limits.asks)', to: 'if (false)' },
      act: asProgram(
        "for (let id = 0; id < 50; id += 1) say({ type: 'ask', id, service: 'x', method: 'y', args: '{}' }); done()",
        {
          limits: { asks: 20 },
        },
      ),
    },
    {
      name: 'words that nobody knows',
      mutation: { file: 'tool-job.ts', from: "end(cutOff('it sent an unknown message'));", to: '' },
      act: asProgram("say({ type: 'answer', id: 1 }); done()"),
    },
    {
      name: 'questions after the answer',
      mutation: { file: 'tool-job.ts', from: '    if (isOver) return;\n', to: '' },
      act: async (modules) => {
        let isAsked = false;
        const ask = async (): Promise<null> => {
          isAsked = true;
          return null;
        };
        const last = JSON.stringify({ type: 'ask', id: 1, service: 'x', method: 'y', args: '{}' });
        const job = `raw('{"type":"done","result":"{}"}\\n' + ${JSON.stringify(last)} + '\\n')`;
        await tryAsProgram(modules, job, { ask });
        return isAsked;
      },
    },
    {
      name: 'words before the job',
      mutation: {
        file: 'tool-process.ts',
        from: "else if (this.#calls === 0) reject(new Error('it began with an unknown message'));",
        to: '',
      },
      act: async (modules) => {
        const folder = mkdtempSync(join(tmpdir(), 'claw-enemy-'));
        const program = `const say = (frame) => process.stdout.write(JSON.stringify(frame) + '\\n');
          say({ type: 'log' }); say({ type: 'ready' }); process.stdin.once('data', () => say({ type: 'done', result: '{"ok":true,"output":"harm"}' }));`;
        writeFileSync(join(folder, 'quickjs-child.js'), program);
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
        const sandbox = modules.processSandbox.createProcessSandbox({ folder, idleMs: 0 });
        const outcome = await runTool(sandbox, '').catch(() => undefined);
        await sandbox.close();
        return outcome !== undefined && isHarm(outcome);
      },
    },
    {
      name: 'words on the standard error',
      mutation: { file: 'tool-process.ts', from: 'if (bytes > MAX_STDERR_BYTES) kill();', to: '' },
      act: asProgram("for (let i = 0; i < 40; i += 1) fs.writeSync(2, 'x'.repeat(60_000)); setTimeout(done, 300)"),
    },
  ],
  'check of the grant': [
    {
      name: 'programs',
      mutation: { file: 'broker.ts', from: '!grant.exec.includes(program)', to: 'false' },
      act: asked('exec', 'run', { program: 'sh', args: [] }),
    },
    {
      name: 'files',
      mutation: { file: 'broker.ts', from: 'if (folders.length === 0)', to: 'if (false)' },
      act: asked('files', 'read', { path: 'x' }),
    },
    {
      name: 'writing where reading was granted',
      mutation: { file: 'broker.ts', from: "mode === 'write' || method !== 'write'", to: 'mode !== undefined' },
      act: asked('files', 'write', { path: 'x', text: '' }, { files: [{ folder: 'workspace', mode: 'read' }] }),
    },
    {
      name: 'services',
      mutation: { file: 'broker.ts', from: '!grant.host.includes(name)', to: 'false' },
      act: asked('host:memory', 'search', {}),
    },
    {
      name: 'hosts',
      mutation: { file: 'broker.ts', from: 'isGrantedHost(grant.net, url) ? undefined', to: 'true ? undefined' },
      act: asked('fetch', 'fetch', fetchArgs),
    },
    {
      name: 'secrets',
      mutation: { file: 'broker.ts', from: 'if (hosts.length === 0) refuse', to: 'if (false) refuse' },
      act: async ({ broker }) => {
        let isRead = false;
        const secret = async (): Promise<string> => ((isRead = true), 'a stored value');
        const none = async (): Promise<null> => null;
        const ask = broker.createBroker(
          NOTHING,
          { fetch: none, files: none, exec: none, host: none, secret },
          () => {},
        );
        const args = { ...fetchArgs, secrets: { authorization: 'Bearer KEY' } };
        await ask('fetch', 'fetch', args, new AbortController().signal).catch(() => {});
        return isRead;
      },
    },
    {
      name: 'secrets on their way to their own host only',
      mutation: { file: 'broker.ts', from: "url.protocol === 'https:' && isGrantedHost(hosts, url)", to: 'true' },
      act: asked(
        'fetch',
        'fetch',
        { ...fetchArgs, url: 'http://example.com/', secrets: { authorization: 'KEY' } },
        {
          secrets: [{ name: 'KEY', host: 'example.com' }],
        },
      ),
    },
  ],
  'the end': [
    {
      name: 'of the whole group',
      mutation: { file: 'spawn.ts', from: 'process.kill(-pid', to: 'process.kill(pid' },
      act: async ({ spawn }) => {
        const child = spawn.spawnChild({
          program: '/bin/sh',
          args: ['-c', 'sleep 60 & echo $!; wait'],
          env: {},
          cwd: '/',
        });
        const grandchild = Number(
          await new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk)))),
        );
        child.killGroup();
        await child.exited;
        await new Promise((resolve) => setTimeout(resolve, 100));
        const isLeft = isProcessAlive(grandchild);
        if (isLeft) process.kill(grandchild, 'SIGKILL');
        return isLeft;
      },
    },
    {
      name: 'at the deadline',
      mutation: { file: 'tool-job.ts', from: 'ms`), limits.wallMs);', to: 'ms`), limits.wallMs * 100);' },
      act: asProgram('setTimeout(done, 700)', { limits: { wallMs: 300 } }),
    },
    {
      name: 'when the turn is stopped',
      mutation: {
        file: 'tool-job.ts',
        from: "else signal.addEventListener('abort', onAbort, { once: true });",
        to: '',
      },
      act: async (modules) => {
        const stop = new AbortController();
        const options = { signal: stop.signal, onProgress: () => stop.abort() };
        const job = "say({ type: 'progress', text: 'on' }); setTimeout(done, 300)";
        return isHarm(await tryAsProgram(modules, job, options));
      },
    },
  ],
};

describe.each(Object.entries(LAYERS))('%s', (_layer, rows) => {
  test.each(rows)('$name: stopped with it, done without it', async ({ mutation, act }) => {
    expect(await withMutant([], act), 'with the layer').toBe(false);
    expect(await withMutant([mutation], act), 'without the layer').toBe(true);
  });
});

test('nothing outside was touched with the whole wall', () => {
  expect(readFileSync(canaries.file, 'utf8')).toBe(canaries.secret);
});
