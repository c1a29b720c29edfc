/** Owns how the marketplace reads JSON that somebody else wrote: one spelling of each document, and every other refused with its reason. Never says what a document means. */
import type { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';

export interface DocumentRule<T> {
  /** How the document is called in messages: `manifest.json`. */
  readonly name: string;
  readonly maxBytes: number;
  readonly schema: z.ZodType<T>;
  /** The only value of its member `format`; absent for documents without one. */
  readonly format?: number;
}

/** Names that mean something to JavaScript and nothing in a document. */
const UNSAFE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;

/** Reads a document that must be spelled as `writeCanonical` spells it. Throws `data-invalid`, or `too-large`. */
export function readCanonical<T>(bytes: Uint8Array, rule: DocumentRule<T>): T {
  const { name } = rule;
  if (bytes.byteLength > rule.maxBytes)
    throw new ClawError('too-large', `${name} is larger than ${rule.maxBytes} bytes.`, { hint: DAMAGED_HINT });
  const text = decodeText(bytes, name);
  const value = parse(text, name);
  const key = repeatedKey(text);
  if (key !== undefined) throw damaged(`${name} says ${JSON.stringify(key)} twice.`);
  refuseFormat(value, rule);
  const read = rule.schema.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    const place = issue?.path.join('.') ?? '';
    throw damaged(`${name} is not well formed${place === '' ? '' : ` at ${place}`}: ${issue?.message ?? 'unknown'}.`);
  }
  if (writeCanonical(read.data) !== text)
    throw damaged(`${name} is not spelled in its one form: two spaces, members in their order, a line end.`);
  return read.data;
}

/** The one spelling of a document. Members come in the order of the object. */
export function writeCanonical(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Strict UTF-8 without a byte order mark. Throws `data-invalid`. */
export function decodeText(bytes: Uint8Array, name: string): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    throw damaged(`${name} begins with a byte order mark.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged(`${name} is no text in UTF-8.`);
  }
}

export const DAMAGED_HINT = 'Get it again from where it came from; if it stays so, tell its publisher.';

export function damaged(message: string): ClawError {
  return new ClawError('data-invalid', message, { hint: DAMAGED_HINT });
}

function parse(text: string, name: string): unknown {
  let unsafe: string | undefined;
  try {
    const value: unknown = JSON.parse(text, (key, inner: unknown) => {
      if (UNSAFE_KEYS.has(key)) unsafe = key;
      return inner;
    });
    if (unsafe === undefined) return value;
  } catch (error) {
    const isTail = error instanceof Error && error.message.includes('after JSON');
    throw damaged(isTail ? `${name} goes on after its end.` : `${name} is no JSON.`);
  }
  throw damaged(`${name} has a member named ${unsafe}.`);
}

/** The first key that an object of this (valid) JSON text has twice. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) last = token;
    else if (token === ':' && last !== undefined) {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

function refuseFormat(value: unknown, { name, format }: DocumentRule<unknown>): void {
  if (format === undefined || typeof value !== 'object' || value === null || !('format' in value)) return;
  if (value.format === format) return;
  throw new ClawError('data-invalid', `${name} is of a format that is not known here; this claw reads ${format}.`, {
    hint: 'Update claw.',
  });
}
