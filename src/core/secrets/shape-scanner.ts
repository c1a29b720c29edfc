/** Owns the search for things that look like credentials, unit by unit and without going back. The result does not depend on how the text is cut into chunks. */
import type { Step } from './secret-shapes.ts';

/** A private key without an end is hidden so far (UTF-16 units) and no further. */
const MAX_BLOCK = 16_384;
/** The first and the last line of a block fit into so many units. */
const LINE = 64;
const HYPHEN = 0x2d;
/** Hyphens at either end of such a line. */
const BLOCK_HYPHENS = 5;

type Hide = (start: number, end: number) => void;

/** One place where a shape may have begun. Positions count from the beginning of the text. */
interface Attempt {
  readonly start: number;
  step: Step;
  /** Units of the step so far. */
  count: number;
  hasDigit: boolean;
  /** Complete: everything from `start` on is hidden, and more may follow. */
  isFound: boolean;
  /** The first, later the last line of a block as far as it has come. */
  line: string;
  /** Hyphens at the end of `line`. */
  hyphens: number;
}

export interface ShapeScanner {
  /** Reads the unit at `position`. Calls `hide` for what turns out to be a credential. */
  read(code: number, position: number): void;
  /** The earliest position that may still become part of a credential; undefined when there is none. */
  openFrom(): number | undefined;
}

/** The shapes that may begin with an ASCII unit, by unit. */
export type ShapeStarts = readonly (readonly Step[] | undefined)[];

export function shapeStarts(first: readonly Step[]): ShapeStarts {
  return Array.from({ length: 128 }, (_, code) => {
    const fitting = first.filter((step) => isIn(step.table, code));
    return fitting.length === 0 ? undefined : fitting;
  });
}

/** `hide` gets spans [start, end); a credential that goes on is given again with a later end. */
export function createShapeScanner(starts: ShapeStarts, hide: Hide): ShapeScanner {
  const attempts: Attempt[] = [];
  const last: [number, number, number] = [0, 0, 0];

  const begin = (step: Step, code: number, position: number): void => {
    if (attempts.some((other) => isAheadOf(other, step))) return;
    const attempt = { start: position, step, count: 0, hasDigit: false, isFound: false, line: '', hyphens: 0 };
    if (goOn(attempt, code, position, hide)) attempts.push(attempt);
  };
  return {
    read(code, position) {
      if (attempts.length > 0) readOn(attempts, code, position, hide);
      const steps = code < 128 ? starts[code] : undefined;
      if (steps !== undefined && isBoundary(last)) for (const step of steps) begin(step, code, position);
      last[0] = last[1];
      last[1] = last[2];
      last[2] = code;
    },
    openFrom: () => attempts.find((attempt) => !attempt.isFound)?.start,
  };
}

/** Gives the unit to every attempt and drops those that are over or that another is ahead of. In place: this runs for every unit. */
function readOn(attempts: Attempt[], code: number, position: number, hide: Hide): void {
  let kept = 0;
  for (const attempt of attempts) {
    if (!goOn(attempt, code, position, hide) || isFollower(attempt, attempts, kept)) continue;
    attempts[kept] = attempt;
    kept += 1;
  }
  attempts.length = kept;
}

/** Takes in one unit; false when the attempt is over. */
function goOn(attempt: Attempt, code: number, position: number, hide: Hide): boolean {
  const { block, tail, needsDigit } = attempt.step.shape;
  if (block !== undefined) readLine(attempt, code);
  if (attempt.isFound) {
    const isMore = block === undefined ? isIn(tail, code) : isInBlock(attempt, block.end, position);
    if (isMore || block !== undefined) hide(attempt.start, position + 1);
    return isMore;
  }
  if (!advance(attempt, code)) return false;
  if (attempt.step.next !== undefined || attempt.count < attempt.step.min || (needsDigit && !attempt.hasDigit))
    return true;
  if (block !== undefined && !block.begin.test(attempt.line)) return false;
  attempt.isFound = true;
  hide(attempt.start, position + 1);
  return true;
}

/** Moves on within the step or to the next one; false when the unit fits neither. */
function advance(attempt: Attempt, code: number): boolean {
  const { step } = attempt;
  if (attempt.count < step.max && isIn(step.table, code)) {
    attempt.count += 1;
  } else if (step.next !== undefined && attempt.count >= step.min && isIn(step.next.table, code)) {
    attempt.step = step.next;
    attempt.count = 1;
  } else {
    return false;
  }
  if (code >= 0x30 && code <= 0x39) attempt.hasDigit = true;
  return true;
}

function isIn(table: Uint8Array, code: number): boolean {
  return code < 128 && table[code] === 1;
}

/** Keeps the end of a line that may begin or end a block; other lines are not worth their cost. */
function readLine(attempt: Attempt, code: number): void {
  attempt.hyphens = code === HYPHEN ? attempt.hyphens + 1 : 0;
  if (attempt.hyphens > BLOCK_HYPHENS || (attempt.line === '' && code !== HYPHEN)) return;
  if (code === 0x0a || code === 0x0d) attempt.line = '';
  // Cut only now and then, since cutting costs more than adding.
  else
    attempt.line =
      (attempt.line.length > 2 * LINE ? attempt.line.slice(-LINE) : attempt.line) + String.fromCharCode(code);
}

function isInBlock({ line, start, hyphens }: Attempt, end: RegExp, position: number): boolean {
  const isOver = hyphens === BLOCK_HYPHENS && end.test(line);
  return !isOver && position - start < MAX_BLOCK;
}

/** Whether an attempt that begins now at `step` could only find what `other` finds as well: both would end at the same unit, or `other` hides a whole block. */
function isAheadOf(other: Attempt, step: Step): boolean {
  if (other.isFound) return other.step.shape === step.shape && step.shape.block !== undefined;
  return other.step === step && step.max === Number.POSITIVE_INFINITY;
}

/** Whether one of the first `count` attempts is ahead of this one in a step without upper bound. */
function isFollower(attempt: Attempt, attempts: readonly Attempt[], count: number): boolean {
  const { step, isFound } = attempt;
  if (!isFound && step.max !== Number.POSITIVE_INFINITY) return false;
  for (let index = 0; index < count; index += 1) {
    const other = attempts[index];
    if (other?.step === step && (other.isFound || !isFound)) return true;
  }
  return false;
}

/** Whether a credential may begin after these units: not in the middle of a word, but after `\n` of JSON and `%3D` of a URL. */
function isBoundary([third, second, last]: readonly [number, number, number]): boolean {
  if (!isAlphanumeric(last)) return true;
  if (second === 0x5c) return last === 0x6e || last === 0x72 || last === 0x74;
  return third === 0x25 && isHex(second) && isHex(last);
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}
