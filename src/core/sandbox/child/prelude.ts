/** Owns the world a tool wakes up in inside QuickJS: the web's small standard functions, made of a few bridges that the child hands in and this file takes away again. It is a convenience, not a wall: everything that reaches out is a question to claw. */
import type { ToolContext } from '../author/tool.ts';
import { asDefinition, describe, type LoadedModule, words } from './definition.ts';
import { bridge } from './world/bridge.ts';
import { atob, btoa, crypto, structuredClone, TextDecoder, TextEncoder } from './world/encoding.ts';
import { createFetch, Headers, Response } from './world/fetch.ts';
import { AbortController, AbortSignal, timers } from './world/timers.ts';
import { URL, URLSearchParams } from './world/url.ts';

const { parse, stringify } = JSON;

async function ask(service: string, method: string, args: object): Promise<unknown> {
  return parse(await bridge.ask(service, method, stringify(args))) as unknown;
}

const fetch = createFetch(ask);
const log = (...values: unknown[]): void => bridge.tell('log', words(values));
const signal = new AbortSignal((abort) => bridge.onStop(() => abort()));

const context: ToolContext = {
  fetch: fetch as unknown as ToolContext['fetch'],
  files: {
    read: async (path, options = {}) => (await ask('files', 'read', { path, ...options })) as string,
    write: async (path, text) => {
      await ask('files', 'write', { path, text: String(text) });
    },
    list: async (path = '.') =>
      (await ask('files', 'list', { path })) as Awaited<ReturnType<ToolContext['files']['list']>>,
  },
  exec: async (program, args = [], options = {}) =>
    (await ask('exec', 'run', { program, args, ...options })) as Awaited<ReturnType<ToolContext['exec']>>,
  host: (service) => ({ call: (method, args = {}) => ask(`host:${service}`, method, args) }),
  log,
  progress: (text) => bridge.tell('progress', String(text)),
  signal: signal as unknown as ToolContext['signal'],
};

const startedAt = Date.now();
const world = globalThis as unknown as Record<string, unknown>;
Object.assign(world, { fetch, Headers, Response, URL, URLSearchParams, AbortController, AbortSignal });
Object.assign(world, { atob, btoa, crypto, structuredClone, TextDecoder, TextEncoder }, timers);
Object.assign(world, {
  console: { log, info: log, warn: log, error: log, debug: log },
  performance: { now: (): number => Date.now() - startedAt },
});

/** Called by the child once the tool's module is loaded. `inputJson` is null when the tool is only to describe itself. */
world['__run'] = (module: LoadedModule, inputJson: string | null): void => {
  delete world['__run'];
  const work = async (): Promise<unknown> => {
    const tool = asDefinition(module);
    return inputJson === null ? describe(tool) : tool.run(parse(inputJson), context);
  };
  work().then(
    (output) => bridge.finish(stringify({ ok: true, output: output === undefined ? null : output })),
    (error: unknown) => bridge.finish(stringify({ ok: false, error: words([error]) })),
  );
};
