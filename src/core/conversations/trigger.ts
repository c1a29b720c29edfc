/** Owns what wakes the assistant in a room: its name at the start, a mention, a reply, or the room's own pattern. Pure; patterns run in linear time (RE2) and never in a backtracking engine. */
import { RE2JS } from 're2js';
import { ClawError } from '../kernel/errors.ts';
import { repetitionProblem } from './pattern-repetition.ts';

export interface TriggerRules {
  readonly assistantName: string;
  /** The room's trigger or the setting TRIGGER_PATTERN; replaces the name. `@Name` alone is a name, anything else a regular expression. */
  readonly pattern?: string | undefined;
  readonly requiresTrigger: boolean;
  /** The platform says that the assistant was mentioned. */
  readonly isMention: boolean;
  readonly isReplyToAssistant: boolean;
  /** A Korean particle may follow the name. */
  readonly particles: boolean;
}

export interface TriggerVerdict {
  readonly engages: boolean;
  /** For people: why, or why not. */
  readonly reason: string;
}

const MAX_PATTERN = 500;
/** Size of the compiled program; a repeat such as `(a{1,100}){1,10}` multiplies it. */
const MAX_PROGRAM = 2000;

/**
 * Particles that may follow a name when the rule is on: vocative, subject, topic, object, to, from, with, also, only,
 * of, each alone or after 님 or 씨. Longer ones first.
 */
const KOREAN_PARTICLES: readonly string[] = [
  '에게서',
  '한테서',
  '이라도',
  '에게',
  '한테',
  '께서',
  '이랑',
  '하고',
  '이나',
  '이야',
  '이여',
  '으로',
  '부터',
  '까지',
  '라도',
  '에서',
  '아',
  '야',
  '이',
  '가',
  '은',
  '는',
  '을',
  '를',
  '의',
  '에',
  '께',
  '도',
  '만',
  '와',
  '과',
  '랑',
  '로',
  '나',
  '여',
];
const PARTICLE = new RegExp(
  `^(?:(?:님|씨)(?:${KOREAN_PARTICLES.join('|')})?|${KOREAN_PARTICLES.join('|')})(?![\\p{L}\\p{M}\\p{N}_])`,
  'u',
);

/** Spaces, controls and what no font shows (Unicode Default_Ignorable_Code_Point). */
const UNSEEN_START = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}]+/u;
const UNSEEN = /^\p{Default_Ignorable_Code_Point}+/u;
const WORD_START = /^[\p{L}\p{M}\p{N}_]/u;
const AT_SIGN = /^[@\uff20\ufe6b]/;
/** `@` and words without anything that only a regular expression has; `+`, `.` and `-` are parts of names such as C++. */
const PLAIN_TRIGGER = /^@[^\\()[\]{}|^$*?]+$/;

/** Patterns as they were compiled: that takes longer than matching. */
export type PatternCache = Map<string, RE2JS | string>;

/** Patterns that are kept at most. */
const MAX_CACHED = 200;

/** Whether a message of a room wakes the assistant. A pattern that is not valid wakes nobody. */
export function engages(text: string, rules: TriggerRules, cache: PatternCache = new Map()): TriggerVerdict {
  if (rules.isMention) return { engages: true, reason: 'the assistant is mentioned' };
  if (rules.isReplyToAssistant) return { engages: true, reason: 'it replies to the assistant' };
  if (!rules.requiresTrigger) return { engages: true, reason: 'the room needs no trigger' };
  const visible = visibleText(text);
  const pattern = rules.pattern?.trim() ?? '';
  if (pattern !== '' && !PLAIN_TRIGGER.test(pattern)) return matchesPattern(visible, pattern, cache);
  const name = (pattern === '' ? rules.assistantName : pattern).normalize('NFC').trim().replace(AT_SIGN, '');
  const isCalled = name !== '' && beginsWithName(visible, name, rules.particles);
  return { engages: isCalled, reason: `the text ${isCalled ? 'begins' : 'does not begin'} with @${name}` };
}

/** Throws `usage-invalid` for a trigger that is no name and no pattern fit for use; `what` names it in the message. */
export function requireTrigger(pattern: string, what = 'The trigger'): void {
  const problem = triggerProblem(pattern.trim());
  if (problem === undefined) return;
  throw new ClawError('usage-invalid', `${what} ${JSON.stringify(pattern)} ${problem}.`, {
    hint: 'Use a name such as @J, or a pattern of RE2 syntax such as ^(hey|ok) claw; https://github.com/google/re2/wiki/Syntax',
  });
}

/** Checks the setting TRIGGER_PATTERN before the server starts. Throws `config-invalid`. */
export function requireTriggerSetting(pattern: string | undefined): void {
  const problem = pattern === undefined ? undefined : triggerProblem(pattern.trim());
  if (problem === undefined) return;
  throw new ClawError('config-invalid', `TRIGGER_PATTERN ${JSON.stringify(pattern)} ${problem}.`, {
    hint: 'claw config set TRIGGER_PATTERN, with a name such as @J or a pattern of RE2 syntax.',
  });
}

/** What is wrong with a trigger, as the end of a sentence. */
function triggerProblem(pattern: string): string | undefined {
  if (pattern === '' || pattern === '@') return 'is empty';
  if (pattern.length > MAX_PATTERN) return `is longer than ${MAX_PATTERN} characters`;
  if (PLAIN_TRIGGER.test(pattern)) return undefined;
  const compiled = compile(pattern);
  if (typeof compiled === 'string') return `is no pattern of RE2 syntax (${compiled})`;
  if (compiled.programSize() > MAX_PROGRAM) return 'is too large once its repeats are written out';
  const repetition = repetitionProblem(pattern);
  if (repetition !== undefined) return `could take exponential time: ${repetition}`;
  if (matchesNothing(compiled)) return 'matches the empty text, and so every message';
  return undefined;
}

/** True when some match of it has no length. */
function matchesNothing(compiled: RE2JS): boolean {
  return ['', 'x', ' ', 'a b', '@'].some((probe) => {
    const matcher = compiled.matcher(probe);
    return matcher.find() && matcher.start() === matcher.end();
  });
}

function matchesPattern(visible: string, pattern: string, cache: PatternCache): TriggerVerdict {
  const compiled = cache.get(pattern) ?? compile(pattern);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(pattern, compiled);
  if (typeof compiled === 'string') return { engages: false, reason: `the pattern is not valid (${compiled})` };
  const isMatch = compiled.matcher(visible).find();
  return { engages: isMatch, reason: `the text ${isMatch ? 'matches' : 'does not match'} the pattern ${pattern}` };
}

/** The compiled pattern, or what is wrong with it. */
function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(withUnicodeWordEnds(pattern.normalize('NFC')), RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, '');
  }
}

const NO_WORD = String.raw`[^\p{L}\p{M}\p{N}_]`;

/** RE2 knows the word end `\b` for ASCII only, which no Korean name has; at either end of a pattern it becomes one for every script. */
function withUnicodeWordEnds(pattern: string): string {
  const start = pattern.startsWith(String.raw`\b`) ? 2 : 0;
  const end = /(?<!\\)(?:\\\\)*\\b$/.test(pattern.slice(start)) ? pattern.length - 2 : pattern.length;
  const middle = pattern.slice(start, end);
  return `${start === 2 ? `(?:^|${NO_WORD})` : ''}${middle}${end < pattern.length ? `(?:$|${NO_WORD})` : ''}`;
}

function beginsWithName(visible: string, name: string, particles: boolean): boolean {
  if (!AT_SIGN.test(visible)) return false;
  const rest = afterName(visible.slice(1), name);
  if (rest === undefined) return false;
  const next = rest.replace(UNSEEN, '');
  return !WORD_START.test(next) || (particles && PARTICLE.test(next));
}

/** What follows the name, or undefined when `text` does not begin with it in any case of its letters. */
function afterName(text: string, name: string): string | undefined {
  const wanted = folded(name);
  let seen = '';
  let length = 0;
  for (const character of text) {
    if (seen.length >= wanted.length) break;
    seen += folded(character);
    length += character.length;
  }
  return seen === wanted ? text.slice(length) : undefined;
}

/** Letter by letter, so that no rule about a letter's place in its word applies (the Greek final sigma). */
function folded(text: string): string {
  return Array.from(text, (character) => character.toUpperCase().toLowerCase())
    .join('')
    .replaceAll('ς', 'σ');
}

function visibleText(text: string): string {
  return text.normalize('NFC').replace(UNSEEN_START, '').trimEnd();
}
