/** Owns the comparison of what a tool answered with what its author expected. Dice never answer the same twice: for such a tool the form of the answer counts. */
import type { JsonValue } from '../../kernel/messages.ts';

/** Runs after which a tool that always answers the same is taken to always answer the same. */
const REPEATS = 10;

/** True for the expected answer, and, from a tool whose answers vary (`again` runs it once more), for one of the expected form. */
export async function answersAsExpected(
  answer: JsonValue,
  expected: JsonValue,
  again: () => Promise<JsonValue>,
): Promise<boolean> {
  if (isSame(answer, expected)) return true;
  for (let run = 0; run < REPEATS; run += 1) {
    const other = await again();
    if (isSame(other, expected)) return true;
    if (canonical(other) !== canonical(answer)) return isSameForm(answer, expected);
  }
  return false;
}

/** Equal as JSON, or as text: `5` and `"5"` are what one person writes for the other. */
function isSame(answer: JsonValue, expected: JsonValue): boolean {
  if (canonical(answer) === canonical(expected)) return true;
  return asText(answer).trim() === asText(expected).trim();
}

/** Same kind of value and same keys. A sentence is a description, which no program can hold an answer to. */
function isSameForm(answer: JsonValue, expected: JsonValue): boolean {
  if (typeof expected === 'string') return true;
  if (Array.isArray(answer) || Array.isArray(expected)) return Array.isArray(answer) && Array.isArray(expected);
  if (answer === null || expected === null || typeof answer !== 'object' || typeof expected !== 'object') {
    return typeof answer === typeof expected;
  }
  return Object.keys(expected).every((key) => Object.hasOwn(answer, key));
}

function asText(value: JsonValue): string {
  return typeof value === 'string' ? value : canonical(value);
}

/** JSON with sorted keys. */
function canonical(value: JsonValue | undefined): string {
  return JSON.stringify(value ?? null, (_key, entry: JsonValue) =>
    entry !== null && typeof entry === 'object' && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : entry,
  );
}
