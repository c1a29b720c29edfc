/** Owns the search for things that look like credentials, unit by unit and without going back. The result does not depend on how the text is cut into chunks. */
import type { Shape } from './secret-shapes.ts';

/** A private key without an end is hidden so far (UTF-16 units) and no further. */
const MAX_BLOCK = 16_384;
/** The first and the last line of a block fit into so many units. */
const LINE = 64;

type Hide = (start: number, end: number) => void;

/** One place where a shape may have begun. Positions count from the beginning of the text. */
interface Attempt {
  readonly shape: Shape;
  readonly start: number;
  step: number;
  count: number;
  hasDigit: boolean;
  /** Complete: everything from `start` on is hidden, and more may follow. */
  isFound: boolean;
  /** The last line of a block as far as it has come. */
  line: string;
}

export interface ShapeScanner {
  /** Reads the unit at `position`. Calls `hide` for what turns out to be a credential. */
  read(code: number, position: number): void;
  /** The earliest position that may still become part of a credential; undefined when there is none. */
  openFrom(): number | undefined;
}

/** The shapes that may begin with an ASCII unit, by unit. */
export type ShapeStarts = readonly (readonly Shape[] | undefined)[];

export function shapeStarts(shapes: readonly Shape[]): ShapeStarts {
  return Array.from({ length: 128 }, (_, code) => {
    const fitting = shapes.filter(({ steps }) => steps[0]?.chars(code));
    return fitting.length === 0 ? undefined : fitting;
  });
}

/** `hide` gets spans [start, end); a credential that goes on is given again with a later end. */
export function createShapeScanner(starts: ShapeStarts, hide: Hide): ShapeScanner {
  const attempts: Attempt[] = [];
  const last: [number, number, number] = [0, 0, 0];

  const begin = (shape: Shape, code: number, position: number): void => {
    const attempt = { shape, start: position, step: 0, count: 0, hasDigit: false, isFound: false, line: '' };
    if (isCovered(attempt, attempts, attempts.length)) return;
    if (goOn(attempt, code, position, hide)) attempts.push(attempt);
  };
  return {
    read(code, position) {
      if (attempts.length > 0) readOn(attempts, code, position, hide);
      const shapes = code < 128 ? starts[code] : undefined;
      if (shapes !== undefined && isBoundary(last)) for (const shape of shapes) begin(shape, code, position);
      last[0] = last[1];
      last[1] = last[2];
      last[2] = code;
    },
    openFrom: () => attempts.find((attempt) => !attempt.isFound)?.start,
  };
}

/** Gives the unit to every attempt and drops those that are over or covered. In place: this runs for every unit. */
function readOn(attempts: Attempt[], code: number, position: number, hide: Hide): void {
  let kept = 0;
  for (const attempt of attempts) {
    if (!goOn(attempt, code, position, hide) || isCovered(attempt, attempts, kept)) continue;
    attempts[kept] = attempt;
    kept += 1;
  }
  attempts.length = kept;
}

/** Takes in one unit; false when the attempt is over. */
function goOn(attempt: Attempt, code: number, position: number, hide: Hide): boolean {
  const { shape } = attempt;
  if (shape.block !== undefined) attempt.line = withUnit(attempt.line, code);
  if (attempt.isFound) {
    const isMore = shape.block === undefined ? shape.tail(code) : isInBlock(attempt, shape.block.end, code, position);
    if (isMore || shape.block !== undefined) hide(attempt.start, position + 1);
    return isMore;
  }
  if (!advance(attempt, code)) return false;
  const isLast = attempt.step === shape.steps.length - 1;
  if (!isLast || attempt.count < (shape.steps[attempt.step]?.min ?? 0)) return true;
  if (shape.needsDigit && !attempt.hasDigit) return true;
  if (shape.block !== undefined && !shape.block.begin.test(attempt.line)) return false;
  attempt.isFound = true;
  hide(attempt.start, position + 1);
  return true;
}

/** The end of a line with one more unit; cut only now and then, since cutting costs more than adding. */
function withUnit(line: string, code: number): string {
  return (line.length > 2 * LINE ? line.slice(-LINE) : line) + String.fromCharCode(code);
}

/** Moves on within the step or to the next one; false when the unit fits neither. */
function advance(attempt: Attempt, code: number): boolean {
  const { steps } = attempt.shape;
  const step = steps[attempt.step];
  const next = steps[attempt.step + 1];
  if (step !== undefined && attempt.count < step.max && step.chars(code)) {
    attempt.count += 1;
  } else if (step !== undefined && attempt.count >= step.min && next?.chars(code) === true) {
    attempt.step += 1;
    attempt.count = 1;
  } else {
    return false;
  }
  attempt.hasDigit ||= code >= 0x30 && code <= 0x39;
  return true;
}

function isInBlock({ line, start }: Attempt, end: RegExp, code: number, position: number): boolean {
  const isOver = code === 0x2d && line.endsWith('-----') && end.test(line);
  return !isOver && position - start < MAX_BLOCK;
}

/** Whether one of the first `count` attempts is ahead of this one in a step without upper bound: both would end at the same unit. */
function isCovered(attempt: Attempt, attempts: readonly Attempt[], count: number): boolean {
  if (!isUnbounded(attempt)) return false;
  for (let index = 0; index < count; index += 1) {
    const other = attempts[index];
    if (other?.shape === attempt.shape && other.step === attempt.step && isUnbounded(other)) return true;
  }
  return false;
}

function isUnbounded({ shape, step, isFound }: Attempt): boolean {
  return isFound || shape.steps[step]?.max === Number.POSITIVE_INFINITY;
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
