/** Owns reading a JSON body: bounded in depth, without keys that reach an object's prototype. */
import { HttpFailure } from './problem.ts';

const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Throws `HttpFailure` 400 for what is no JSON, too deep or poisoned. */
export function readJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) {
    throw new HttpFailure(400, 'usage-invalid', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  try {
    return JSON.parse(text, refusePrototype) as unknown;
  } catch (cause) {
    if (cause instanceof HttpFailure) throw cause;
    throw new HttpFailure(400, 'usage-invalid', 'The body is no JSON.', { cause });
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new HttpFailure(400, 'usage-invalid', 'The body has a key that is not taken.');
  return value;
}

/** Levels of brackets outside strings; one pass. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (isInString) {
      if (char === BACKSLASH) at += 1;
      else if (char === QUOTE) isInString = false;
    } else if (char === QUOTE) isInString = true;
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return deepest;
}
