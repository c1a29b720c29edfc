/** Owns how the bytes a client sent become a frame: limits first, then JSON, then its shape. It throws `usage-invalid` and never anything else. */
import { ClawError } from '../../core/kernel/errors.ts';
import { type ClientFrame, clientFrame, type FrameId } from './protocol.ts';

/** Objects and arrays inside each other; a frame needs one. */
const MAX_DEPTH = 8;

/** A frame that cannot be used, with the id that stands in it, so that its sender can tell which. */
export class BadFrame extends ClawError {
  readonly frameId: FrameId | undefined;

  constructor(message: string, hint: string, frameId?: FrameId) {
    super('usage-invalid', message, { hint });
    this.frameId = frameId;
  }
}

const TYPES = 'Frames are JSON objects with a type: message, ping, resume, cancel, approve.';

export function readFrame(text: string): ClientFrame {
  if (isTooDeep(text)) throw new BadFrame(`The frame is nested deeper than ${MAX_DEPTH} levels.`, TYPES);
  const value = parse(text);
  const read = clientFrame.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') ?? '';
  const what = issue?.message ?? 'not a frame';
  throw new BadFrame(`The frame is wrong${where === '' ? '' : ` at ${where}`}: ${what}.`, TYPES, idOf(value));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadFrame('The frame is no JSON.', TYPES);
  }
}

function idOf(value: unknown): FrameId | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;
  const read = clientFrame.safeParse({ type: 'ping', id });
  return read.success ? (read.data.id ?? undefined) : undefined;
}

/** Counts brackets outside strings, without building anything. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at += 1;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
