/** Owns fetch inside QuickJS: a question to claw in the clothes of the web's function. */
import type { FetchOptions } from '../../author/tool.ts';
import { atob, bytesOfText, TextEncoder } from './encoding.ts';
import type { AbortSignal } from './timers.ts';

export class Headers {
  readonly #entries = new Map<string, string>();
  constructor(init: Iterable<readonly [string, string]> | Record<string, string> = {}) {
    const entries = Symbol.iterator in init ? [...(init as Iterable<[string, string]>)] : Object.entries(init);
    for (const [name, value] of entries) this.append(name, value);
  }
  get(name: string): string | null {
    return this.#entries.get(String(name).toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.#entries.has(String(name).toLowerCase());
  }
  set(name: string, value: string): void {
    this.#entries.set(String(name).toLowerCase(), String(value));
  }
  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }
  delete(name: string): void {
    this.#entries.delete(String(name).toLowerCase());
  }
  forEach(work: (value: string, name: string) => void): void {
    for (const [name, value] of this.#entries) work(value, name);
  }
  entries(): IterableIterator<[string, string]> {
    return this.#entries.entries();
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

/** What claw answers. Bytes that are no text come as `base64`. */
interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly base64?: string;
}

export class Response {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly #answer: Answer;
  constructor(answer: Answer) {
    this.status = answer.status;
    this.url = answer.url;
    this.headers = new Headers(answer.headers);
    this.#answer = answer;
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  async text(): Promise<string> {
    return this.#answer.body;
  }
  async json(): Promise<unknown> {
    return JSON.parse(this.#answer.body) as unknown;
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const { base64, body } = this.#answer;
    return base64 === undefined ? new TextEncoder().encode(body) : bytesOfText(atob(base64));
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }
}

export interface WorldFetchOptions extends Omit<FetchOptions, 'headers' | 'signal'> {
  readonly headers?: Headers | Record<string, string>;
  readonly signal?: AbortSignal;
}

type Ask = (service: string, method: string, args: object) => Promise<unknown>;

export function createFetch(ask: Ask): (input: unknown, options?: WorldFetchOptions) => Promise<Response> {
  return async (input, { method = 'GET', headers = {}, body, secrets = {}, signal } = {}) => {
    signal?.throwIfAborted();
    const args = {
      url: String(input),
      method: String(method).toUpperCase(),
      headers: Object.fromEntries(new Headers(headers as Record<string, string>)),
      secrets,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    };
    const answer = ask('fetch', 'fetch', args);
    const aborted = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason ?? new Error('aborted')));
    });
    return new Response((await Promise.race([answer, aborted])) as Answer);
  };
}
