/** Owns URL and URLSearchParams inside QuickJS. The child's own Node reads them, so that a tool sees what claw's fetch will see. */
import { bridge } from './bridge.ts';

/** Members of the web's URL that are text; `origin` cannot be set. */
const PARTS = 'href origin protocol username password host hostname port pathname search hash'.split(' ');

/** As in `application/x-www-form-urlencoded` of the URL standard. */
function encodeForm(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

type Init = string | Iterable<readonly [string, string]> | Record<string, string>;

export class URLSearchParams {
  #pairs: [string, string][];
  #changed: (text: string) => void;

  constructor(init: Init = '', changed: (text: string) => void = () => {}) {
    this.#changed = changed;
    if (typeof init === 'string') this.#pairs = JSON.parse(bridge.query(init)) as [string, string][];
    else {
      const pairs = Symbol.iterator in init ? [...(init as Iterable<[string, string]>)] : Object.entries(init);
      this.#pairs = pairs.map(([name, value]) => [String(name), String(value)]);
    }
  }
  #change(pairs: [string, string][]): void {
    this.#pairs = pairs;
    this.#changed(this.toString());
  }
  get size(): number {
    return this.#pairs.length;
  }
  get(name: string): string | null {
    return this.#pairs.find(([key]) => key === name)?.[1] ?? null;
  }
  getAll(name: string): string[] {
    return this.#pairs.filter(([key]) => key === name).map(([, value]) => value);
  }
  has(name: string): boolean {
    return this.#pairs.some(([key]) => key === name);
  }
  append(name: string, value: string): void {
    this.#change([...this.#pairs, [String(name), String(value)]]);
  }
  delete(name: string): void {
    this.#change(this.#pairs.filter(([key]) => key !== name));
  }
  set(name: string, value: string): void {
    const at = this.#pairs.findIndex(([key]) => key === name);
    if (at === -1) this.append(name, value);
    else
      this.#change(
        this.#pairs.flatMap((pair, index) => (pair[0] !== name ? [pair] : index === at ? [[name, String(value)]] : [])),
      );
  }
  sort(): void {
    this.#change(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  }
  forEach(work: (value: string, name: string) => void): void {
    for (const [name, value] of this.#pairs) work(value, name);
  }
  keys(): IterableIterator<string> {
    return this.#pairs.map(([name]) => name)[Symbol.iterator]();
  }
  values(): IterableIterator<string> {
    return this.#pairs.map(([, value]) => value)[Symbol.iterator]();
  }
  entries(): IterableIterator<[string, string]> {
    return this.#pairs.map(([name, value]): [string, string] => [name, value])[Symbol.iterator]();
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&');
  }
}

export class URL {
  #parts: Record<string, string>;
  #searchParams: URLSearchParams | undefined;

  static {
    for (const part of PARTS) {
      Object.defineProperty(URL.prototype, part, {
        get(this: URL): string {
          return this.#parts[part] ?? '';
        },
        set(this: URL, value: unknown) {
          if (part !== 'origin') this.#set(part, String(value));
        },
      });
    }
  }

  constructor(url: unknown, base: unknown = '') {
    this.#parts = URL.#read(String(url), String(base));
  }
  static #read(href: string, base: string, part = '', value = ''): Record<string, string> {
    const text = bridge.url(href, base, part, value);
    if (text === '') throw new TypeError(`Invalid URL: ${href.slice(0, 200)}`);
    return JSON.parse(text) as Record<string, string>;
  }
  static canParse(url: unknown, base: unknown = ''): boolean {
    return bridge.url(String(url), String(base), '', '') !== '';
  }
  static parse(url: unknown, base?: unknown): URL | null {
    return URL.canParse(url, base) ? new URL(url, base) : null;
  }
  #set(part: string, value: string): void {
    this.#parts = URL.#read(this.toString(), '', part, value);
    if (part === 'href' || part === 'search') this.#searchParams = undefined;
  }
  get searchParams(): URLSearchParams {
    this.#searchParams ??= new URLSearchParams(this.#parts.search, (text) => {
      this.#parts = URL.#read(this.toString(), '', 'search', text);
    });
    return this.#searchParams;
  }
  toString(): string {
    return this.#parts['href'] ?? '';
  }
  toJSON(): string {
    return this.toString();
  }
}
