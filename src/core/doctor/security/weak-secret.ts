/** Owns the judgement whether a token can be guessed. Never repeats any of it. */

const COMMON = /pass(?:word|wort)?|secret|change.?me|token|default|example|qwerty|admin|letmein|12345|abcdef|claw/i;
const MIN_LENGTH = 32;
/** Random hexadecimal digits of the shortest token have 13 different ones on average. */
const MIN_DIFFERENT = 9;

/** Why it can be guessed, in words that follow its name; undefined when nothing tells so. */
export function whyWeak(value: string): string | undefined {
  if (value.length < MIN_LENGTH) return `has ${value.length} characters, and ${MIN_LENGTH} are the least`;
  if (new Set(value).size < MIN_DIFFERENT) return 'has very few different characters';
  if (isRepeated(value)) return 'repeats itself';
  return COMMON.test(value) ? 'holds a common word' : undefined;
}

function isRepeated(value: string): boolean {
  for (let length = 1; length <= value.length / 2; length += 1) {
    const part = value.slice(0, length);
    if (part.repeat(Math.ceil(value.length / length)).startsWith(value)) return true;
  }
  return false;
}
