/** Owns the process of a tool that needs Node's own modules. The wall is around it (bubblewrap or a container, no network, no files but these); inside, the tool is an ordinary module that talks to claw over standard input and output. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FetchOptions } from '../author/tool.ts';
import { createFrameReader, encodeFrame, type Frame } from '../frames.ts';
import { asDefinition, describe, type LoadedModule, words } from './definition.ts';

/** Answers hold whole pages and files. */
const MAX_LINE_BYTES = 34 * 1024 * 1024;
const AUTHOR_URL = pathToFileURL(join(import.meta.dirname, 'author.js')).href;

const write = process.stdout.write.bind(process.stdout);
const send = (frame: Frame): void => void write(encodeFrame(frame));
const stop = new AbortController();
const waiting = new Map<number, PromiseWithResolvers<unknown>>();
let lastAsk = 0;

function ask(service: string, method: string, args: object): Promise<unknown> {
  lastAsk += 1;
  const pending = Promise.withResolvers<unknown>();
  waiting.set(lastAsk, pending);
  send({ type: 'ask', id: lastAsk, service, method, args: JSON.stringify(args) });
  return pending.promise;
}

const log = (...values: unknown[]): void => send({ type: 'log', text: words(values) });

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly base64?: string;
}

async function toolFetch(input: unknown, options: FetchOptions = {}): Promise<Response> {
  const { method = 'GET', headers = {}, body, secrets = {}, signal } = options;
  signal?.throwIfAborted();
  const args = {
    url: String(input),
    method: String(method).toUpperCase(),
    headers: Object.fromEntries(new Headers(headers)),
    secrets,
    ...(body === undefined ? {} : { body: String(body) }),
  };
  const answer = (await ask('fetch', 'fetch', args)) as Answer;
  const bytes = answer.base64 === undefined ? answer.body : Buffer.from(answer.base64, 'base64');
  const hasBody = ![101, 204, 205, 304].includes(answer.status);
  return new Response(hasBody ? bytes : null, { status: answer.status, headers: answer.headers });
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
  signal: stop.signal,
};

async function load(code: string): Promise<LoadedModule> {
  registerHooks({
    resolve: (specifier, resolveContext, next) =>
      specifier === 'claw/tool' || specifier === 'zod'
        ? { url: AUTHOR_URL, shortCircuit: true }
        : next(specifier, resolveContext),
  });
  const file = '/tmp/tool.mjs';
  writeFileSync(file, code);
  return (await import(pathToFileURL(file).href)) as LoadedModule;
}

async function run(code: string, inputJson: string | null): Promise<unknown> {
  const tool = asDefinition(await load(code));
  return inputJson === null ? describe(tool) : tool.run(JSON.parse(inputJson), context as never);
}

function start(frame: Frame): void {
  run(String(frame['code']), typeof frame['input'] === 'string' ? frame['input'] : null).then(
    (output) =>
      send({ type: 'done', result: JSON.stringify({ ok: true, output: output === undefined ? null : output }) }),
    (error: unknown) => send({ type: 'done', result: JSON.stringify({ ok: false, error: words([error]) }) }),
  );
}

function settle(frame: Frame): void {
  const pending = waiting.get(Number(frame['id']));
  waiting.delete(Number(frame['id']));
  if (frame['ok'] === true) pending?.resolve(JSON.parse(String(frame['json'])) as unknown);
  else pending?.reject(new Error(String(frame['json'])));
}

Object.assign(globalThis, { fetch: toolFetch });
Object.assign(console, { log, info: log, warn: log, error: log, debug: log });
const reader = createFrameReader({
  maxBytes: MAX_LINE_BYTES,
  onFrame: (frame) => {
    if (frame['type'] === 'job') start(frame);
    else if (frame['type'] === 'answer') settle(frame);
    else if (frame['type'] === 'stop') stop.abort();
  },
  onFault: () => process.exit(1),
});
process.stdin.on('data', (chunk: Buffer) => reader.push(chunk));
process.stdin.on('end', () => process.exit(0));
send({ type: 'ready' });
