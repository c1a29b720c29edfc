/** Owns the wire between claw and a tool's process: JSON lines with a cap on length and depth. Whatever a hostile child writes, a frame is a plain object without a prototype, or a fault; it never throws into the reader's loop. */

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

const NEWLINE = 0x0a;
const MAX_DEPTH = 64;
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
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line);
    if (nestingOf(text) > MAX_DEPTH) return `a line is nested deeper than ${MAX_DEPTH}`;
    value = JSON.parse(text);
  } catch {
    return 'a line is no JSON text in UTF-8';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'a line is no JSON object';
  return withoutPrototypes(value) as Frame;
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

/** Deepest nesting of brackets outside strings; an upper bound, found without parsing. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}
