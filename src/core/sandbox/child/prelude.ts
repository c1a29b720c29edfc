/** Owns the world a tool wakes up in inside QuickJS: the web's small standard functions, made of a few bridges that the child hands in and this file takes away again. It is a convenience, not a wall: everything that reaches out is a question to claw. */
import type { FetchOptions, ToolContext, ToolDefinition } from '../author/tool.ts';

/** Functions of the child; all values are text, so that nothing is shared between the two worlds. */
interface Bridge {
  /** Asks a service of claw; resolves to JSON. */
  ask(service: string, method: string, json: string): Promise<string>;
  tell(kind: 'log' | 'progress', text: string): void;
  /** Resolves after `ms`. */
  wait(ms: number): Promise<void>;
  /** `count` random bytes as hexadecimal. */
  random(count: number): string;
  utf8Encode(text: string): string;
  utf8Decode(hex: string): string;
  finish(json: string): void;
}

const world = globalThis as unknown as Record<string, unknown>;
const bridge = world['__bridge'] as Bridge;
delete world['__bridge'];

const { parse, stringify } = JSON;

async function ask(service: string, method: string, args: object): Promise<unknown> {
  return parse(await bridge.ask(service, method, stringify(args))) as unknown;
}

const words = (values: unknown[]): string =>
  values
    .map((value) =>
      typeof value === 'string'
        ? value
        : value instanceof Error
          ? `${value.name}: ${value.message}`
          : (stringify(value) ?? String(value)),
    )
    .join(' ');

class ToolHeaders {
  readonly #entries: Map<string, string>;
  constructor(entries: Record<string, string> = {}) {
    this.#entries = new Map(Object.entries(entries).map(([name, value]) => [name.toLowerCase(), String(value)]));
  }
  get(name: string): string | null {
    return this.#entries.get(String(name).toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.#entries.has(String(name).toLowerCase());
  }
  entries(): IterableIterator<[string, string]> {
    return this.#entries.entries();
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

interface Answer {
  status: number;
  url: string;
  headers: Record<string, string>;
  body: string;
}

class ToolResponse {
  readonly status: number;
  readonly url: string;
  readonly headers: ToolHeaders;
  readonly #body: string;
  constructor({ status, url, headers, body }: Answer) {
    this.status = status;
    this.url = url;
    this.headers = new ToolHeaders(headers);
    this.#body = body;
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  async text(): Promise<string> {
    return this.#body;
  }
  async json(): Promise<unknown> {
    return parse(this.#body) as unknown;
  }
}

async function toolFetch(input: unknown, options: FetchOptions = {}): Promise<ToolResponse> {
  const { method = 'GET', headers = {}, body, secrets = {} } = options;
  const plain = headers instanceof ToolHeaders ? Object.fromEntries(headers) : headers;
  const args = {
    url: String(input),
    method,
    headers: plain,
    secrets,
    ...(body === undefined ? {} : { body: String(body) }),
  };
  return new ToolResponse((await ask('fetch', 'fetch', args)) as Answer);
}

const hexOf = (bytes: ArrayLike<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function btoa(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 3) {
    const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)] as [
      number,
      number,
      number,
    ];
    if ((a | (b || 0) | (c || 0)) > 255) throw new TypeError('btoa takes characters up to U+00FF');
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    out += BASE64.charAt(bits >> 18) + BASE64.charAt((bits >> 12) & 63);
    out += Number.isNaN(b) ? '=' : BASE64.charAt((bits >> 6) & 63);
    out += Number.isNaN(c) ? '=' : BASE64.charAt(bits & 63);
  }
  return out;
}

function atob(text: string): string {
  const clean = text.replace(/\s/g, '').replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(clean) || clean.length % 4 === 1) throw new TypeError('this is no base64 text');
  let out = '';
  let bits = 0;
  let count = 0;
  for (const letter of clean) {
    bits = (bits << 6) | BASE64.indexOf(letter);
    count += 6;
    if (count >= 8) out += String.fromCharCode((bits >> (count -= 8)) & 255);
  }
  return out;
}

/** Timers by promise: a cleared one simply does nothing when its time comes. */
const timers = new Set<number>();
let lastTimer = 0;
function setTimer(repeat: boolean, work: (...args: unknown[]) => unknown, ms = 0, ...args: unknown[]): number {
  lastTimer += 1;
  const id = lastTimer;
  timers.add(id);
  const run = async (): Promise<void> => {
    do {
      await bridge.wait(Math.max(0, Number(ms) || 0));
      if (timers.has(id)) work(...args);
    } while (repeat && timers.has(id));
    timers.delete(id);
  };
  void run();
  return id;
}

const log = (...values: unknown[]): void => bridge.tell('log', words(values));

const context: ToolContext = {
  fetch: toolFetch as unknown as ToolContext['fetch'],
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
};

Object.assign(world, {
  fetch: toolFetch,
  Headers: ToolHeaders,
  Response: ToolResponse,
  console: { log, info: log, warn: log, error: log, debug: log },
  atob,
  btoa,
  setTimeout: (work: () => unknown, ms?: number, ...args: unknown[]) => setTimer(false, work, ms, ...args),
  setInterval: (work: () => unknown, ms?: number, ...args: unknown[]) =>
    setTimer(true, work, Math.max(1, ms ?? 1), ...args),
  clearTimeout: (id: number) => void timers.delete(id),
  clearInterval: (id: number) => void timers.delete(id),
  queueMicrotask: (work: () => unknown) => void Promise.resolve().then(work),
  structuredClone: (value: unknown): unknown => (value === undefined ? undefined : parse(stringify(value))),
  crypto: {
    randomUUID: (): string => {
      const hex = bridge.random(16);
      const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    getRandomValues: <Numbers extends Uint8Array | Uint16Array | Uint32Array>(array: Numbers): Numbers => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      bytes.set(bytesOf(bridge.random(bytes.length)));
      return array;
    },
  },
  TextEncoder: class {
    readonly encoding = 'utf-8';
    encode(text = ''): Uint8Array {
      return bytesOf(bridge.utf8Encode(String(text)));
    }
  },
  TextDecoder: class {
    readonly encoding = 'utf-8';
    decode(bytes: Uint8Array = new Uint8Array()): string {
      return bridge.utf8Decode(hexOf(bytes));
    }
  },
});

interface LoadedModule {
  default?: ToolDefinition<unknown>;
  SCHEMA?: { name: string; description: string; input_schema: object };
  main?: (input: unknown) => unknown;
}

/** The two accepted shapes of a tool, as one. */
function asDefinition(module: LoadedModule): ToolDefinition<unknown> {
  if (module.default !== undefined && typeof module.default.run === 'function') return module.default;
  const { SCHEMA, main } = module;
  if (SCHEMA !== undefined && typeof main === 'function') {
    return {
      name: SCHEMA.name,
      description: SCHEMA.description,
      input: SCHEMA.input_schema,
      run: (input) => main(input),
    };
  }
  throw new TypeError('a tool exports defineTool({…}) as default, or SCHEMA and main');
}

function describe(tool: ToolDefinition<unknown>): object {
  const { name, description, input, permissions = {}, examples = [], runtime = 'quickjs' } = tool;
  const { parallel = true, idempotent = false, provenance = 'tool', version = '1.0.0' } = tool;
  const schema = typeof input === 'object' && input !== null && 'json' in input ? input.json : input;
  const all = { net: [], files: [], exec: [], secrets: [], host: [], ...permissions };
  return {
    name,
    description,
    inputSchema: schema,
    permissions: all,
    examples,
    runtime,
    parallel,
    idempotent,
    provenance,
    version,
  };
}

/** Called by the child once the tool's module is loaded. `inputJson` is null when the tool is only to describe itself. */
world['__run'] = (module: LoadedModule, inputJson: string | null): void => {
  delete world['__run'];
  const work = async (): Promise<unknown> => {
    const tool = asDefinition(module);
    return inputJson === null ? describe(tool) : tool.run(parse(inputJson), context);
  };
  work().then(
    (output) => bridge.finish(answerOf(() => stringify({ ok: true, output: output === undefined ? null : output }))),
    (error: unknown) => bridge.finish(answerOf(() => stringify({ ok: false, error: words([error]) }))),
  );
};

/** An answer that JSON cannot hold, or that fails while it is written, is a failure of the tool. */
function answerOf(write: () => string): string {
  try {
    return write();
  } catch (error) {
    try {
      return stringify({ ok: false, error: words(['the answer cannot be written as JSON:', error]) });
    } catch {
      return stringify({ ok: false, error: 'the answer cannot be written as JSON' });
    }
  }
}
