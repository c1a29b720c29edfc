import { defineTool, z } from 'claw/tool';

/** Numbers and strings stay as they were written: no digit of a long number is lost. Objects keep order and doubles. */
type Node =
  | { kind: 'atom'; text: string }
  | { kind: 'array'; items: Node[] }
  | { kind: 'object'; members: [key: string, value: Node][] };

const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** RFC 8259, nothing more: no comments, no trailing commas, no single quotes. */
class Parser {
  #at = 0;
  readonly #text: string;
  /** Paths of keys that one object has twice. */
  readonly doubles: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  document(): Node {
    if (this.#text.startsWith('\uFEFF')) this.#at = 1;
    const node = this.#value('', 0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#error('something follows after the end');
    return node;
  }

  #value(path: string, depth: number): Node {
    if (depth > MAX_DEPTH) throw this.#error(`it is nested deeper than ${MAX_DEPTH} levels`);
    this.#space();
    const char = this.#text.charAt(this.#at);
    if (char === '{') return this.#object(path, depth);
    if (char === '[') return this.#array(path, depth);
    if (char === '"') return { kind: 'atom', text: this.#string() };
    for (const word of ['true', 'false', 'null']) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return { kind: 'atom', text: word };
    }
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text)?.[0];
    if (number === undefined)
      throw this.#error(char === '' ? 'it ends where a value should be' : `${shown(char)} begins no value`);
    this.#at += number.length;
    if (/[\d.]/.test(this.#text.charAt(this.#at)))
      throw this.#error('a number is not well formed (no leading zeros, digits after the point)');
    return { kind: 'atom', text: number };
  }

  #object(path: string, depth: number): Node {
    const members: [string, Node][] = [];
    const seen = new Set<string>();
    this.#at += 1;
    this.#space();
    if (this.#take('}')) return { kind: 'object', members };
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"')
        throw this.#error(`a key in double quotes should be here, not ${this.#here()}`);
      const key = this.#string();
      const name = JSON.parse(key) as string;
      const place = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (seen.has(name)) this.doubles.push(place);
      seen.add(name);
      this.#space();
      if (!this.#take(':')) throw this.#error(`a colon should follow the key ${key}, not ${this.#here()}`);
      members.push([key, this.#value(place, depth + 1)]);
      this.#space();
      if (this.#take('}')) return { kind: 'object', members };
      if (!this.#take(',')) throw this.#error(`a comma or } should be here, not ${this.#here()}`);
    }
  }

  #array(path: string, depth: number): Node {
    const items: Node[] = [];
    this.#at += 1;
    this.#space();
    if (this.#take(']')) return { kind: 'array', items };
    for (;;) {
      items.push(this.#value(`${path}/${items.length}`, depth + 1));
      this.#space();
      if (this.#take(']')) return { kind: 'array', items };
      if (!this.#take(',')) throw this.#error(`a comma or ] should be here, not ${this.#here()}`);
    }
  }

  /** The string as it is written, with its quotes. */
  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === '') throw this.#error('a string is not closed');
      if (char < ' ') throw this.#error('a string has a raw control character; write it as \\n, \\t or \\u00XX');
      if (char === '\\' && !/^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(this.#text.slice(this.#at, this.#at + 6)))
        throw this.#error(`${shown(this.#text.slice(this.#at, this.#at + 2))} is no escape`);
      this.#at += char === '\\' ? 2 : 1;
      if (char === '"') return this.#text.slice(start, this.#at);
    }
  }

  #take(char: string): boolean {
    if (this.#text.charAt(this.#at) !== char) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at += 1;
  }

  #here(): string {
    return this.#at < this.#text.length ? shown(this.#text.charAt(this.#at)) : 'the end';
  }

  #error(problem: string): Error {
    const before = this.#text.slice(0, this.#at).split(/\r\n|\r|\n/);
    return new Error(`line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${problem}`);
  }
}

function shown(text: string): string {
  return JSON.stringify(text);
}

/** By code units of the keys; doubles keep their order. */
function sorted(node: Node): Node {
  if (node.kind === 'array') return { kind: 'array', items: node.items.map(sorted) };
  if (node.kind === 'atom') return node;
  const members = node.members.map(([key, value]): [string, string, Node] => [
    JSON.parse(key) as string,
    key,
    sorted(value),
  ]);
  const order = members.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { kind: 'object', members: order.map(([, key, value]) => [key, value]) };
}

/** As JSON.stringify would with that indent. */
function write(node: Node, indent: string, margin = ''): string {
  if (node.kind === 'atom') return node.text;
  const inner = margin + indent;
  const parts =
    node.kind === 'array'
      ? node.items.map((item) => write(item, indent, inner))
      : node.members.map(([key, value]) => `${key}:${indent === '' ? '' : ' '}${write(value, indent, inner)}`);
  const [open, close] = node.kind === 'array' ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return `${open}${close}`;
  if (indent === '') return `${open}${parts.join(',')}${close}`;
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${margin}${close}`;
}

/** RFC 6901. */
function pointTo(root: Node, pointer: string): Node {
  if (pointer === '') return root;
  if (!pointer.startsWith('/')) throw new Error('a path is a JSON Pointer and begins with /: /items/0/name');
  let node = root;
  let walked = '';
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    walked += `/${part}`;
    const next: Node | undefined =
      node.kind === 'object'
        ? node.members.findLast(([name]) => JSON.parse(name) === key)?.[1]
        : node.kind === 'array' && /^(?:0|[1-9]\d*)$/.test(key)
          ? node.items[Number(key)]
          : undefined;
    if (next === undefined) throw new Error(`there is nothing at ${walked}`);
    node = next;
  }
  return node;
}

export default defineTool({
  name: 'json_formatter',
  description:
    'Formats, minifies, sorts or checks JSON text, or takes one value out of it. Invalid JSON is told with line and column.',
  input: z.object({
    text: z.string().min(1).max(200_000),
    action: z.enum(['format', 'minify', 'check']).default('format'),
    indent: z.int().min(1).max(8).default(2).describe('Spaces.'),
    sort_keys: z.boolean().default(false),
    path: z.string().max(1000).optional().describe('JSON Pointer of the only part wanted: /items/0/name.'),
  }),
  idempotent: true,
  examples: [
    {
      input: { text: '{"b":[1,2],"a":1.50}', sort_keys: true },
      output: '{\n  "a": 1.50,\n  "b": [\n    1,\n    2\n  ]\n}',
    },
    {
      input: { text: '[1,\n 2,]', action: 'check' },
      output: { valid: false, problem: 'line 2, column 4: "]" begins no value' },
    },
    {
      input: { text: '{"a": {"b": 12345678901234567890}}', path: '/a/b', action: 'minify' },
      output: '12345678901234567890',
    },
  ],
  run({ text, action, indent, sort_keys: isSorted, path }) {
    const parser = new Parser(text);
    if (action === 'check') {
      try {
        parser.document();
      } catch (error) {
        return { valid: false, problem: (error as Error).message };
      }
      return { valid: true, ...(parser.doubles.length === 0 ? {} : { repeated_keys: parser.doubles.slice(0, 20) }) };
    }
    const part = pointTo(parser.document(), path ?? '');
    return write(isSorted ? sorted(part) : part, action === 'minify' ? '' : ' '.repeat(indent));
  },
});
