/** Owns text and bytes inside QuickJS: base64, UTF-8, random bytes, copies of values. */
import { bridge } from './bridge.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function btoa(input: unknown): string {
  const text = String(input);
  let out = '';
  for (let at = 0; at < text.length; at += 3) {
    const codes = [0, 1, 2].map((step) => text.charCodeAt(at + step));
    const [a = 0, b = Number.NaN, c = Number.NaN] = codes;
    if ((a | (b || 0) | (c || 0)) > 255) throw new TypeError('btoa takes characters up to U+00FF');
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
    out += BASE64.charAt(bits >> 18) + BASE64.charAt((bits >> 12) & 63);
    out += Number.isNaN(b) ? '=' : BASE64.charAt((bits >> 6) & 63);
    out += Number.isNaN(c) ? '=' : BASE64.charAt(bits & 63);
  }
  return out;
}

export function atob(input: unknown): string {
  const clean = String(input)
    .replace(/\s/g, '')
    .replace(/={1,2}$/, '');
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

export const bytesOfText = (binary: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(binary, (letter) => letter.charCodeAt(0));

const hexOf = (bytes: ArrayLike<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOfHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

function bytesOf(source: ArrayBuffer | ArrayBufferView): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

const random = (count: number): Uint8Array<ArrayBuffer> => bytesOfHex(bridge.random(count));

export class TextEncoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array<ArrayBuffer> {
    return bytesOfHex(bridge.utf8Encode(String(text)));
  }
}

/** UTF-8 only. */
export class TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  constructor(label = 'utf-8', options: { fatal?: boolean } = {}) {
    if (!/^utf-?8$/i.test(String(label))) throw new RangeError('only utf-8 is known here');
    this.fatal = options.fatal === true;
  }
  decode(source: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
    const bytes = bytesOf(source);
    const text = bridge.utf8Decode(hexOf(bytes), this.fatal);
    if (this.fatal && text === '' && bytes.length > 0) throw new TypeError('the bytes are no UTF-8');
    return text;
  }
}

export const crypto = {
  randomUUID(): string {
    const bytes = random(16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return hexOf(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },
  getRandomValues<Numbers extends ArrayBufferView>(array: Numbers): Numbers {
    if (array.byteLength > 65_536) throw new RangeError('at most 65,536 bytes at a time');
    bytesOf(array).set(random(array.byteLength));
    return array;
  },
};

/** A deep copy of plain values, dates, maps, sets, expressions and bytes; cycles are kept. Throws `TypeError` for functions. */
export function structuredClone(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError('a function cannot be copied');
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <Copy>(copy: Copy): Copy => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep((value as Uint8Array).slice());
  const clone = (part: unknown): unknown => structuredClone(part, seen);
  if (value instanceof Map) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, entry] of value) copy.set(clone(key), clone(entry));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set<unknown>());
    for (const entry of value) copy.add(clone(entry));
    return copy;
  }
  if (value instanceof Error) return keep(Object.assign(new Error(value.message), { name: value.name }));
  const copy = keep<Record<string, unknown>>((Array.isArray(value) ? [] : {}) as Record<string, unknown>);
  for (const [key, entry] of Object.entries(value)) copy[key] = clone(entry);
  return copy;
}
