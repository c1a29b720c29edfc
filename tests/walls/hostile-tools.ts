/** Owns the hostile tools: bodies that reach for something outside, by every way that the engines of the past have leaked. Each may fail as it likes; what counts is that nothing outside is touched and nothing read comes back. */
import type { Canaries } from '../fakes/canaries.ts';

export interface HostileTool {
  readonly name: string;
  readonly body: string;
  readonly head?: string;
}

/** Ways to get at a constructor, a host function or a global that should not be there. */
const REACHES: readonly string[] = [
  "this.constructor.constructor('return process')()",
  "(function () {}).constructor('return process')()",
  "(async function () {}).constructor('return process')()",
  "(function* () {}).constructor('return process')().next().value",
  "(0, eval)('process')",
  "globalThis.constructor.constructor('return this')().process",
  "Reflect.construct(Function, ['return process'])()",
  "Reflect.get(globalThis, 'pro' + 'cess')",
  "Object.getPrototypeOf(fetch).constructor('return process')()",
  "ctx.fetch.constructor('return process')()",
  "ctx.files.read.constructor.constructor('return process')()",
  'ctx.log.constructor.prototype.constructor("return process")()',
  'Error.prepareStackTrace = (error, frames) => frames[0].getThis(); new Error().stack.process',
  "Error.prototype.toString.call({ get name() { return this.constructor.constructor('return process')() } }).process",
  "(() => { try { null.x } catch (error) { return error.constructor.constructor('return process')() } })()",
  "(await ctx.host('x').call('y').catch((error) => error)).constructor.constructor('return process')()",
  "new Proxy({}, { get: (target, key, receiver) => receiver.constructor.constructor('return process')() }).x",
  "Promise.resolve().constructor.constructor('return process')()",
  "Symbol.for('nodejs.util.inspect.custom').constructor.constructor('return process')()",
  "[].filter.constructor('return process')()",
  "''.sub.constructor('return process')()",
  "import.meta.constructor.constructor('return process')()",
  "arguments.callee.caller.constructor('return process')()",
  "setTimeout.constructor('return process')()",
  "console.log.constructor('return process')()",
  "TextEncoder.prototype.encode.constructor('return process')()",
  'globalThis.process',
  'globalThis.require("process")',
  "(await import('process')).default",
  "(await import('node:process')).default",
];

/** What to do with a process object, once one is had. */
const ACTS: readonly ((canaries: Canaries) => string)[] = [
  ({ file }) => `p.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8')`,
  ({ file }) => `p.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(file)}, 'owned')`,
  ({ victim }) => `p.kill(${victim}, 'SIGKILL')`,
  ({ file }) => `p.binding('fs').open(${JSON.stringify(file)}, 0, 0o666)`,
  ({ file }) => `p.getBuiltinModule('node:child_process').execSync('cat ' + ${JSON.stringify(file)}).toString()`,
  ({ port }) =>
    `await new Promise((done) => p.getBuiltinModule('node:net').connect(${port}, '127.0.0.1').on('connect', () => done('in')).on('error', done))`,
];

/** Tools for QuickJS: every reach with every act. */
export function quickjsTools(canaries: Canaries): HostileTool[] {
  return REACHES.flatMap((reach, index) =>
    ACTS.map((act, kind) => ({
      name: `reach ${index}, act ${kind}`,
      body: `const p = ${reach}; return ${act(canaries)};`,
    })),
  );
}

/** Tools that bring Node's modules: every module that touches something outside. */
export function nodeTools(canaries: Canaries): HostileTool[] {
  const file = JSON.stringify(canaries.file);
  const socket = JSON.stringify(canaries.socket);
  const { port, victim } = canaries;
  const acts: readonly (readonly [name: string, body: string])[] = [
    ['read', `return fs.readFileSync(${file}, 'utf8')`],
    ['read by a descriptor', `const fd = fs.openSync(${file}, 'r'); return fs.readFileSync(fd, 'utf8')`],
    ['read by promises', `return (await fs.promises.readFile(${file})).toString()`],
    [
      'read by a stream',
      `let text = ''; for await (const chunk of fs.createReadStream(${file})) text += chunk; return text`,
    ],
    ['read by a link', `fs.symlinkSync(${file}, '/tmp/link'); return fs.readFileSync('/tmp/link', 'utf8')`],
    ['read by a hard link', `fs.linkSync(${file}, '/tmp/hard'); return fs.readFileSync('/tmp/hard', 'utf8')`],
    ['read by copying', `fs.copyFileSync(${file}, '/tmp/copy'); return fs.readFileSync('/tmp/copy', 'utf8')`],
    ['read by /proc', `return fs.readFileSync('/proc/1/root' + ${file}, 'utf8')`],
    ['read by /proc/self/cwd', `return fs.readFileSync('/proc/self/cwd/../../..' + ${file}, 'utf8')`],
    [
      'read the environment of others',
      "return fs.readFileSync('/proc/1/environ', 'utf8') + fs.readFileSync('/proc/self/environ', 'utf8')",
    ],
    ['write', `fs.writeFileSync(${file}, 'owned')`],
    ['append', `fs.appendFileSync(${file}, 'owned')`],
    ['truncate', `fs.truncateSync(${file}, 0)`],
    ['unlink', `fs.unlinkSync(${file})`],
    ['rename', `fs.renameSync(${file}, ${file} + '.gone')`],
    ['touch', `fs.utimesSync(${file}, 0, 0)`],
    [
      'descriptors left open',
      "let text = ''; for (let fd = 3; fd < 64; fd += 1) { try { text += fs.readFileSync(fd, 'utf8') } catch {} } return text",
    ],
    ['shell', `return cp.execSync('cat ' + ${file}).toString()`],
    ['spawn', `return cp.spawnSync('/bin/cat', [${file}]).stdout.toString()`],
    ['fork', "cp.fork('/tmp/tool.mjs')"],
    ['kill', `process.kill(${victim}, 'SIGKILL')`],
    ['kill the parent', "process.kill(process.ppid, 'SIGKILL')"],
    ['kill everyone', "process.kill(-1, 'SIGKILL')"],
    [
      'tcp',
      `return await new Promise((done) => net.connect(${port}, '127.0.0.1').on('connect', () => done('in')).on('error', done))`,
    ],
    [
      'unix socket',
      `return await new Promise((done) => net.connect(${socket}).on('connect', () => done('in')).on('error', done))`,
    ],
    ['udp', `dgram.createSocket('udp4').send('x', ${port}, '127.0.0.1')`],
    ['dns', "return await dns.promises.lookup('example.com')"],
    ['http', `return await new Promise((done) => http.get('http://127.0.0.1:${port}', done).on('error', done))`],
    [
      'plain fetch of undici',
      `return (await process.getBuiltinModule('node:module').createRequire('/tmp/x')('undici').fetch('http://127.0.0.1:${port}')).status`,
    ],
    ['worker', "new (process.getBuiltinModule('node:worker_threads').Worker)('/tmp/tool.mjs')"],
    ['inspector', "process.getBuiltinModule('node:inspector').open(0)"],
    ['sqlite', `return new (process.getBuiltinModule('node:sqlite').DatabaseSync)(${file}).prepare('select 1').all()`],
    ['addon', "process.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6')"],
    ['wasi', `new (process.getBuiltinModule('node:wasi').WASI)({ version: 'preview1', preopens: { '/': '/' } })`],
    ['environment', 'return JSON.stringify(process.env)'],
    ['chroot of the mind', "process.chdir('/'); return fs.readdirSync('.').join()"],
    ['mount', "return fs.readFileSync('/proc/mounts', 'utf8')"],
    ['debug port', 'process._debugProcess(process.ppid)'],
    ['report', `process.report.writeReport(${file})`],
    ['heap snapshot', `process.getBuiltinModule('node:v8').writeHeapSnapshot(${file})`],
    [
      'diagnostics',
      `process.report.directory = ${JSON.stringify(canaries.folder)}; process.report.writeReport('leak')`,
    ],
    ['permission drop', "process.permission.drop?.('fs.read'); return String(process.permission.has('fs.read', '/'))"],
  ];
  const head =
    "import fs from 'node:fs'; import net from 'node:net'; import cp from 'node:child_process'; import dgram from 'node:dgram'; import dns from 'node:dns'; import http from 'node:http';";
  return acts.map(([name, body]) => ({ name, body, head }));
}

/** Bodies for QuickJS that take what they can get: each is ended by its own cap or by the deadline. */
export const QUICKJS_BOMBS: readonly (readonly [name: string, body: string])[] = [
  ['processor', 'for (;;);'],
  ['promises', 'const again = () => Promise.resolve().then(again); await again();'],
  ['a promise nobody keeps', 'await new Promise(() => {});'],
  ['timers', 'for (let i = 0; i < 1e5; i += 1) setInterval(() => {}, 0); await new Promise(() => {});'],
  ['a regular expression', "return /^(a+)+$/.test('a'.repeat(40) + 'b');"],
  ['heap', 'const all = []; for (;;) all.push(new Array(1e5).fill(1));'],
  ['buffers', 'const all = []; for (;;) all.push(new ArrayBuffer(1e6));'],
  ['strings', "let text = 'x'; for (;;) text += text;"],
  ['recursion', 'const deep = () => deep() + 1; return deep();'],
  ['logs', "for (;;) console.log('x'.repeat(1e4));"],
  ['small logs', "for (;;) console.log('');"],
  ['an answer too long', "return 'x'.repeat(5e6);"],
  ['an intricate answer', 'return Array.from({ length: 2e5 }, (_, index) => ({ [index]: index }));'],
  ['questions', "for (;;) ctx.host('x').call('y');"],
  ['long questions', "for (;;) ctx.host('x').call('y', { text: 'x'.repeat(1e6) });"],
];

/** The same with Node's modules: what its own heap does not count, processes, files. */
export const NODE_BOMBS: readonly (readonly [name: string, body: string])[] = [
  ['processor', 'for (;;);'],
  ['heap', 'const all = []; for (;;) all.push(new Array(1e5).fill(1));'],
  ['buffers', 'const all = []; for (;;) all.push(Buffer.alloc(5e7, 1));'],
  ['shared buffers', 'const all = []; for (;;) all.push(new Uint8Array(new SharedArrayBuffer(5e7)).fill(1));'],
  [
    'wasm',
    'const all = []; for (;;) { const memory = new WebAssembly.Memory({ initial: 1000 }); new Uint8Array(memory.buffer).fill(1); all.push(memory); }',
  ],
  [
    'compressed zeros',
    'let data = Buffer.alloc(1e6); for (;;) data = Buffer.concat([data, zlib.inflateSync(zlib.deflateSync(data))]);',
  ],
  [
    'processes',
    "for (;;) { try { cp.spawn('/node', ['-e', 'for (;;);'], { detached: true, stdio: 'inherit' }).on('error', () => {}); } catch {} }",
  ],
  ['threads', "const all = []; for (;;) { try { all.push(new wt.Worker('for (;;);', { eval: true })); } catch {} }"],
  ['files', "for (let i = 0; ; i += 1) { try { fs.writeFileSync('/tmp/' + i, 'x'); } catch {} }"],
  ['one big file', "for (;;) { try { fs.appendFileSync('/tmp/x', 'x'.repeat(1e6)); } catch {} }"],
  ['descriptors', "for (;;) { try { fs.openSync('/claw/author.js'); } catch {} }"],
  ['output', "for (;;) fs.writeSync(1, 'x'.repeat(60_000));"],
  ['short lines', "for (;;) fs.writeSync(1, '{}\n'.repeat(20_000));"],
  ['words on the standard error', "for (;;) fs.writeSync(2, 'x'.repeat(60_000));"],
  ['a crash', 'process.abort();'],
  ['an exit', 'process.exit(0);'],
];

export const NODE_BOMB_HEAD =
  "import fs from 'node:fs'; import cp from 'node:child_process'; import wt from 'node:worker_threads'; import zlib from 'node:zlib';";
