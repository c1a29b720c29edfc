/** Owns the text of config.json: its members and where they stand, and the change of one member that leaves every other byte alone. Pure. */
import { ClawError } from '../kernel/errors.ts';

/** One member of the outermost object. Offsets are characters. */
export interface ConfigMember {
  readonly name: string;
  readonly value: unknown;
  /** From the name's quote up to the end of the value. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
  /** Counted from 1. */
  readonly line: number;
}

/** The members of `text` in their order; of two with one name the last counts. Throws `data-invalid`, naming `path` and the position. */
export function readConfigMembers(text: string, path: string): readonly ConfigMember[] {
  checkJson(text, path);
  const members: ConfigMember[] = [];
  let at = skipBlank(text, skipBlank(text, 0) + 1);
  while (text[at] === '"') {
    const start = at;
    const nameEnd = endOfString(text, start);
    const valueStart = skipBlank(text, skipBlank(text, nameEnd) + 1);
    const end = endOfValue(text, valueStart);
    const line = text.slice(0, start).split('\n').length;
    const value: unknown = JSON.parse(text.slice(valueStart, end));
    members.push({ name: JSON.parse(text.slice(start, nameEnd)) as string, value, start, valueStart, end, line });
    at = skipBlank(text, end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return members;
}

function checkJson(text: string, path: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ' '));
  } catch (error) {
    const why = text.trim() === '' ? 'is empty' : `is not valid JSON: ${(error as Error).message}`;
    throw damaged(`${path} ${why}`, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw damaged(`${path} does not hold an object of settings`, undefined);
  }
}

function damaged(message: string, cause: unknown): ClawError {
  return new ClawError('data-invalid', `${message}.`, {
    hint: 'Mend it by hand, or take the version before with "claw config undo".',
    cause,
  });
}

function skipBlank(text: string, at: number): number {
  let next = at;
  while (' \t\r\n\ufeff'.includes(text[next] ?? '-')) next += 1;
  return next;
}

/** The offset after the string that begins at `at`. */
function endOfString(text: string, at: number): number {
  let next = at + 1;
  while (text[next] !== '"') next += text[next] === '\\' ? 2 : 1;
  return next + 1;
}

/** The offset after the JSON value that begins at `at`, in text that is known to be JSON. */
function endOfValue(text: string, at: number): number {
  let depth = 0;
  let next = at;
  while (next < text.length) {
    const letter = text[next] ?? '';
    if (depth === 0 && next > at && /[,}\]\s]/.test(letter)) return next;
    if (letter === '"') {
      next = endOfString(text, next);
      if (depth === 0) return next;
      continue;
    }
    if (letter === '{' || letter === '[') depth += 1;
    if (letter === '}' || letter === ']') depth -= 1;
    next += 1;
    if (depth === 0 && (letter === '}' || letter === ']')) return next;
  }
  return next;
}
