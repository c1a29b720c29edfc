/** Owns the process of a tool that needs Node's own modules. The wall is around it (bubblewrap or a container, no network, no files but these); inside, the tool is an ordinary module that talks to claw over standard input and output. */
import type { Frame } from '../frames.ts';
import type { FetchOptions } from '../author/tool.ts';
import { receive, send } from './wire.ts';

const TOOL_URL = 'claw:tool';
const WARM_URL = 'claw:warm';
const AUTHOR_URL = new URL('author.js', import.meta.url).href;

const waiting = new Map<number, PromiseWithResolvers<unknown>>();
let lastAsk = 0;

function ask(service: string, method: string, args: object): Promise<unknown> {
  lastAsk += 1;
  const pending = Promise.withResolvers<unknown>();
  waiting.set(lastAsk, pending);
  send({ type: 'ask', id: lastAsk, service, method, args: JSON.stringify(args) });
  return pending.promise;
}

const words = (values: unknown[]): string =>
  values
    .map((value) =>
      value instanceof Error
        ? `${value.name}: ${value.message}`
        : typeof value === 'string'
          ? value
          : (JSON.stringify(value) ?? String(value)),
    )
    .join(' ');
const log = (...values: unknown[]): void => send({ type: 'log', text: words(values) });

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function toolFetch(input: unknown, options: FetchOptions = {}): Promise<Response> {
  const { method = 'GET', headers = {}, body, secrets = {} } = options;
  const plain = Object.fromEntries(new Headers(headers));
  const args = {
    url: String(input),
    method,
    headers: plain,
    secrets,
    ...(body === undefined ? {} : { body: String(body) }),
  };
  const answer = (await ask('fetch', 'fetch', args)) as Answer;
  const bodyless = [101, 204, 205, 304].includes(answer.status);
  return new Response(bodyless ? null : answer.body, { status: answer.status, headers: answer.headers });
}

const context = {
  fetch: toolFetch,
  files: {
    read: (path: string, options: object = {}) => ask('files', 'read', { path, ...options }),
    write: (path: string, text: string) => ask('files', 'write', { path, text: String(text) }),
    list: (path = '.') => ask('files', 'list', { path }),
  },
  exec: (program: string, args: string[] = [], options: object = {}) =>
    ask('exec', 'run', { program, args, ...options }),
  host: (service: string) => ({ call: (method: string, args: object = {}) => ask(`host:${service}`, method, args) }),
  log,
  progress: (text: unknown) => send({ type: 'progress', text: String(text) }),
};

/** Text of the modules that are not files: there is no place to write one to. */
const texts = new Map<string, string>([[WARM_URL, "import 'claw/tool';"]]);

async function load(code: string): Promise<Record<string, unknown>> {
  texts.set(TOOL_URL, code);
  return (await import(TOOL_URL)) as Record<string, unknown>;
}

async function run(code: string, inputJson: string | null): Promise<unknown> {
  const module = await load(code);
  const tool = module['default'] as Record<string, unknown> | undefined;
  const schema = module['SCHEMA'] as Record<string, unknown> | undefined;
  const main = module['main'];
  const work = typeof tool?.['run'] === 'function' ? tool['run'] : main;
  if (typeof work !== 'function') throw new TypeError('a tool exports defineTool({…}) as default, or SCHEMA and main');
  if (inputJson !== null) return work.call(tool, JSON.parse(inputJson), context) as unknown;
  const {
    name,
    description,
    input,
    permissions = {},
    examples = [],
    runtime = 'quickjs',
    parallel = true,
    idempotent = false,
    provenance = 'tool',
    version = '1.0.0',
  } = tool ?? { name: schema?.['name'], description: schema?.['description'], input: schema?.['input_schema'] };
  const inputSchema = typeof input === 'object' && input !== null && 'json' in input ? input.json : input;
  const all = { net: [], files: [], exec: [], secrets: [], host: [], ...(permissions as object) };
  return {
    name,
    description,
    inputSchema,
    permissions: all,
    examples,
    runtime,
    parallel,
    idempotent,
    provenance,
    version,
  };
}

function start(frame: Frame): void {
  run(String(frame['code']), typeof frame['input'] === 'string' ? frame['input'] : null).then(
    (output) => finish(() => JSON.stringify({ ok: true, output: output === undefined ? null : output })),
    (error: unknown) => finish(() => JSON.stringify({ ok: false, error: words([error]) })),
  );
}

/** An answer that JSON cannot hold, or that fails while it is written, is a failure of the tool. */
function finish(write: () => string): void {
  let result: string;
  try {
    result = write();
  } catch (error) {
    result = JSON.stringify({ ok: false, error: unwritable(error) });
  }
  send({ type: 'done', result });
}

function unwritable(error: unknown): string {
  try {
    return words(['the answer cannot be written as JSON:', error]);
  } catch {
    return 'the answer cannot be written as JSON';
  }
}

function settle(frame: Frame): void {
  const pending = waiting.get(Number(frame['id']));
  waiting.delete(Number(frame['id']));
  if (frame['ok'] === true) pending?.resolve(JSON.parse(String(frame['json'])) as unknown);
  else pending?.reject(new Error(String(frame['json'])));
}

// A container engine names places of its own there.
for (const name of Object.keys(process.env)) delete process.env[name];
process.getBuiltinModule('node:module').registerHooks({
  resolve: (specifier, resolveContext, next) => {
    if (texts.has(specifier)) return { url: specifier, format: 'module', shortCircuit: true };
    return specifier === 'claw/tool' || specifier === 'zod'
      ? { url: AUTHOR_URL, shortCircuit: true }
      : next(specifier, resolveContext);
  },
  load: (url, loadContext, next) => {
    const source = texts.get(url);
    return source === undefined ? next(url, loadContext) : { format: 'module', source, shortCircuit: true };
  },
});
// The first module takes several milliseconds longer than any other.
await import(WARM_URL);
Object.assign(globalThis, { fetch: toolFetch });
Object.assign(console, { log, info: log, warn: log, error: log, debug: log });
receive((frame) => {
  if (frame['type'] === 'job') start(frame);
  else if (frame['type'] === 'answer') settle(frame);
});
send({ type: 'ready' });
