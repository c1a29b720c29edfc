/** Owns versions of packages: Semantic Versioning 2.0.0 without build metadata, so that two versions are never equal and different. */
import { z } from 'zod';

const NUMBER = '(?:0|[1-9]\\d{0,8})';
const WORD = `(?:${NUMBER}|\\d*[A-Za-z-][0-9A-Za-z-]*)`;
const PATTERN = new RegExp(`^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${WORD}(?:\\.${WORD})*)?$`);

export const VERSION = z
  .string()
  .max(50)
  .regex(PATTERN, 'it must be a version such as 1.2.3 or 1.2.3-beta.1, without +build');

export function isVersion(text: string): boolean {
  return VERSION.safeParse(text).success;
}

/** Negative when `a` comes before `b`, 0 when they are the same; precedence as in item 11 of the specification. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  const byNumbers = compareParts(left.numbers, right.numbers);
  if (byNumbers !== 0) return byNumbers;
  // A version without words is the finished one.
  if (left.words.length === 0 || right.words.length === 0)
    return Number(left.words.length === 0) - Number(right.words.length === 0);
  return compareParts(left.words, right.words);
}

function split(version: string): { numbers: string[]; words: string[] } {
  const [core = '', ...rest] = version.split('-');
  return { numbers: core.split('.'), words: rest.length === 0 ? [] : rest.join('-').split('.') };
}

function compareParts(left: readonly string[], right: readonly string[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (b === undefined) return 1;
    if (a === b) continue;
    const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (isNumberA && isNumberB) return Number(a) - Number(b);
    if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}
