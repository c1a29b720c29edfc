/** Owns the wire between claw and a tool's process: flat JSON lines with caps. Whatever a hostile child writes, a frame is a plain object without a prototype, or a fault; it never throws into the reader's loop, and never holds it for long. */

export type Frame = Readonly<Record<string, unknown>>;

export interface FrameReader {
  /** Takes bytes as they come. Ignores everything after a fault. */
  push(chunk: Uint8Array): void;
}

interface FrameReaderOptions {
  /** Bytes of the longest line. */
  readonly maxBytes: number;
  readonly onFrame: (frame: Frame) => void;
  /** Called once, with what was wrong. */
  readonly onFault: (reason: string) => void;
}

/** What JSON text may hold before it is parsed. */
interface Shape {
  /** Deepest nesting of brackets. */
  readonly depth: number;
  /** Members of all objects. */
  readonly members: number;
  /** Values of any kind. */
  readonly values: number;
}

const NEWLINE = 0x0a;
/** A frame is one object of words and numbers; what a tool itself says travels in it as text. */
const FRAME: Shape = { depth: 1, members: 16, values: 17 };
/** Measured: 20,000 different names, the slowest of all to parse, take about 15 ms. */
const FOREIGN: Shape = { depth: 64, members: 20_000, values: 100_000 };
/** Keys that could reach a prototype in careless code; they are dropped wherever they stand. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function createFrameReader({ maxBytes, onFrame, onFault }: FrameReaderOptions): FrameReader {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let isFaulty = false;
  const fault = (reason: string): void => {
    isFaulty = true;
    held = [];
    onFault(reason);
  };
  const take = (): void => {
    const frame = parseFrame(Buffer.concat(held));
    held = [];
    heldBytes = 0;
    if (typeof frame === 'string') fault(frame);
    else onFrame(frame);
  };
  return {
    push(chunk) {
      let rest = chunk;
      while (rest.length > 0) {
        if (isFaulty) return;
        const end = rest.indexOf(NEWLINE);
        const part = end === -1 ? rest : rest.subarray(0, end);
        heldBytes += part.length;
        if (heldBytes > maxBytes) {
          fault(`a line is longer than ${maxBytes} bytes`);
          return;
        }
        held.push(part);
        if (end === -1) return;
        rest = rest.subarray(end + 1);
        take();
      }
    },
  };
}

/** One frame as a line. */
export function encodeFrame(frame: Frame): string {
  return `${JSON.stringify(frame)}\n`;
}

/** The frame in `line`, or what is wrong with it. */
export function parseFrame(line: Uint8Array): Frame | string {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    if (!fits(text, FRAME)) return 'a line is no flat JSON object';
    value = JSON.parse(text);
  } catch {
    return 'a line is no JSON text in UTF-8';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a line is no flat JSON object';
  return withoutPrototypes(value) as Frame;
}

/** Parses JSON text of a tool. Throws `SyntaxError` for what is no JSON, `RangeError` for what is too deep or has too many parts. */
export function parseForeign(text: string): unknown {
  if (!fits(text, FOREIGN)) {
    throw new RangeError(
      `it is nested deeper than ${FOREIGN.depth}, or has more than ${FOREIGN.members} members or ${FOREIGN.values} values`,
    );
  }
  return withoutPrototypes(JSON.parse(text));
}

/** A copy of a JSON value whose objects have no prototype and no key that names one. */
export function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, entry] of Object.entries(value)) {
    if (!FORBIDDEN_KEYS.has(key)) copy[key] = withoutPrototypes(entry);
  }
  return copy;
}

/** Whether JSON text stays within `limits`, found without parsing it. */
function fits(text: string, limits: Shape): boolean {
  let [depth, members, values] = [0, 0, 1];
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = endOfString(text, index);
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        values += 1;
        if (depth > limits.depth) return false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        break;
      case 0x3a: // :
        members += 1;
        break;
      case 0x2c: // ,
        values += 1;
        break;
    }
    if (members > limits.members || values > limits.values) return false;
  }
  return true;
}

/** Index of the quote that ends the string which begins at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index += 1;
    else if (code === 0x22) return index;
  }
  return text.length;
}
