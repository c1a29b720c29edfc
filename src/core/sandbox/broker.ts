/** Owns the judgement of every question a tool asks: it is answered only when the grant covers it, and by services that were handed in. Whatever is unknown or malformed is refused. */
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import type { Ask } from './sandbox.ts';

/** What a tool was granted; empty lists grant nothing. */
export interface Grant {
  /** `api.example.com`, `*.example.com` (any name below it, not itself), with `:port` for another than 80 and 443; `*` is every host. */
  readonly net: readonly string[];
  readonly files: readonly { readonly folder: string; readonly mode: 'read' | 'write' }[];
  readonly exec: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly host: string }[];
  readonly host: readonly string[];
}

/** What does the work of an allowed question. */
export interface BrokerServices {
  fetch(request: FetchQuestion, signal: AbortSignal): Promise<JsonValue>;
  files(method: 'read' | 'write' | 'list', args: FilesQuestion, folders: Grant['files']): Promise<JsonValue>;
  exec(program: string, args: readonly string[], input: string | undefined, signal: AbortSignal): Promise<JsonValue>;
  /** Value of a stored secret. Throws `not-found`. */
  secret(name: string): Promise<string>;
  host(service: string, method: string, args: JsonObject): Promise<JsonValue>;
}

export interface FetchQuestion {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Asked before each hop: a reason to refuse it, or undefined. */
  readonly refuse: (url: URL) => string | undefined;
  /** Headers with secrets for one hop. */
  readonly authorize: (url: URL) => Readonly<Record<string, string>>;
}

/** Names of services and methods; `constructor` and the like could reach a prototype in careless code. */
const NAME = /^(?!(?:constructor|prototype|toString|valueOf|hasOwnProperty)$)[a-z][a-zA-Z0-9_.-]{0,63}$/;

const FETCH = z.object({
  url: z.string().max(8_192),
  method: z.string().regex(/^[A-Z]{1,10}$/),
  headers: z.record(z.string().max(200), z.string().max(8_192)),
  secrets: z.record(z.string().max(200), z.string().max(200)),
  body: z.string().optional(),
});
const FILES = z.object({
  path: z.string().max(4_096),
  text: z.string().optional(),
  offset: z.int().min(0).optional(),
  limit: z.int().min(1).optional(),
});
const EXEC = z.object({
  program: z.string().max(200),
  args: z.array(z.string().max(100_000)).max(1_000),
  input: z.string().optional(),
});

export type FilesQuestion = z.infer<typeof FILES>;

/** Answers the questions of one call. Each refusal is a `sandbox-refused` the tool sees and `onRefusal` records. */
export function createBroker(grant: Grant, services: BrokerServices, onRefusal: (reason: string) => void): Ask {
  const refuse = (reason: string): never => {
    onRefusal(reason);
    throw new ClawError('sandbox-refused', reason);
  };
  const read = <T>(schema: z.ZodType<T>, args: JsonObject): T => {
    const result = schema.safeParse(args);
    return result.success
      ? result.data
      : refuse(`the question is malformed: ${result.error.issues[0]?.message ?? 'unknown'}`);
  };
  return async (service, method, args, signal) => {
    if (service === 'fetch' && method === 'fetch')
      return services.fetch(await fetchQuestion(grant, services, read(FETCH, args), refuse), signal);
    if (service === 'files' && (method === 'read' || method === 'write' || method === 'list')) {
      const folders = grant.files.filter(({ mode }) => mode === 'write' || method !== 'write');
      if (folders.length === 0) refuse(`it was not granted to ${method} files`);
      return services.files(method, read(FILES, args), folders);
    }
    if (service === 'exec' && method === 'run') {
      const { program, args: words, input } = read(EXEC, args);
      if (!grant.exec.includes(program)) refuse(`it was not granted to run ${JSON.stringify(program)}`);
      return services.exec(program, words, input, signal);
    }
    const name = service.startsWith('host:') ? service.slice('host:'.length) : '';
    if (!NAME.test(name) || !grant.host.includes(name))
      refuse(`it was not granted the service ${JSON.stringify(service.slice(0, 100))}`);
    if (!NAME.test(method)) refuse(`the service ${name} has no ${JSON.stringify(method.slice(0, 100))}`);
    return services.host(name, method, args);
  };
}

async function fetchQuestion(
  grant: Grant,
  services: BrokerServices,
  { secrets, body, ...rest }: z.infer<typeof FETCH>,
  refuse: (reason: string) => never,
): Promise<FetchQuestion> {
  const bound: { header: string; value: string; hosts: string[] }[] = [];
  for (const [header, text] of Object.entries(secrets)) {
    // `Bearer NAME`: the word before the name is the scheme of the header (RFC 9110 11.1).
    const [, scheme = '', name = ''] = /^(\S+ )?(\S*)$/.exec(text) ?? [];
    const hosts = grant.secrets.filter((secret) => secret.name === name).map(({ host }) => host);
    if (hosts.length === 0) refuse(`it was not granted the secret ${JSON.stringify(name)}`);
    else bound.push({ header, value: `${scheme}${await services.secret(name)}`, hosts });
  }
  return {
    ...rest,
    ...(body === undefined ? {} : { body }),
    refuse: (url) => (isGrantedHost(grant.net, url) ? undefined : `it was not granted the host ${url.host}`),
    // A secret travels encrypted and to its own host only, whatever redirects say.
    authorize: (url) =>
      Object.fromEntries(
        bound.flatMap(({ header, value, hosts }) =>
          url.protocol === 'https:' && isGrantedHost(hosts, url) ? [[header, value]] : [],
        ),
      ),
  };
}

/** Whether a pattern covers the host and port of `url`. A pattern without a port covers 80 for http and 443 for https. */
function isGrantedHost(patterns: readonly string[], url: URL): boolean {
  const usual = { 'http:': '80', 'https:': '443' }[url.protocol];
  if (usual === undefined) return false;
  const host = plainHost(url.hostname);
  const port = url.port === '' ? usual : url.port;
  return patterns.some((pattern) => {
    const [, name = '', wanted = usual] = /^(.*?)(?::(\d+))?$/.exec(pattern) ?? [];
    if (port !== wanted || host === '') return false;
    if (name === '*') return true;
    if (!name.startsWith('*.')) return host === plainHost(name);
    const parent = plainHost(name.slice(2));
    return parent !== '' && host.endsWith(`.${parent}`);
  });
}

/** Lower case, Punycode, without the dot of the root; empty for what is no host. An IPv6 address keeps its brackets. */
function plainHost(host: string): string {
  return domainToASCII(host).replace(/\.$/, '');
}
