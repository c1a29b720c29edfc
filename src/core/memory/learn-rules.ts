/** Owns what can be learned from a person's words without a model: plain statements about themselves, in English and Korean, by the beginning and end of a sentence. What it does not understand is left alone. */
import type { MemoryCategory } from '../store/memory-schema.ts';

/** Something to remember, and the words it was taken from. */
export interface Learned {
  readonly category: MemoryCategory;
  readonly key: string;
  readonly value: string;
  readonly quote: string;
  readonly importance?: number;
}

interface Rule {
  readonly pattern: RegExp;
  /** Undefined: the words only look like a statement. */
  readonly read: (groups: Readonly<Record<string, string>>, sentence: string) => Omit<Learned, 'quote'> | undefined;
}

const MOST_SENTENCES = 200;
/** Characters of a sentence that rules understand. */
const LONGEST = 300;
const LONGEST_VALUE = 160;
const LONGEST_KEY = 40;

/** `my problem is …` tells of this conversation, not of the person. */
const PASSING =
  /\b(?:and|i|we|you)\b|^(?:question|problem|issue|point|guess|idea|bad|mistake|goal|plan|request|answer|message|code|program|file|error|computer|turn|understanding|next|last|first|other|only|main)\b|^(?:질문|문제|생각|말|요청|답|코드|파일|오류|목표|계획|다음|마지막)/i;
/** Of no lasting worth, or about something said before. */
const EMPTY = /^(?:it|that|this|them|these|those|to|not|so|the same|you|what|그것|이것|저것|그거|이거|저거|것|거)\b/i;

const clean = (text: string | undefined): string =>
  (text ?? '').replaceAll(/\s+/g, ' ').replace(/^[\s"'“‘]+|[\s"'”’.,!~]+$/g, '');

const info =
  (key: string, importance = 4) =>
  (groups: Readonly<Record<string, string>>): Omit<Learned, 'quote'> | undefined => ({
    category: 'user_info',
    key,
    value: clean(groups['value']),
    importance,
  });

const taste =
  (verb: string) =>
  (groups: Readonly<Record<string, string>>): Omit<Learned, 'quote'> | undefined => {
    const what = clean(groups['value']);
    return EMPTY.test(what) ? undefined : { category: 'preferences', key: what, value: `${verb} ${what}` };
  };

const tasteKo =
  (verb: string) =>
  (groups: Readonly<Record<string, string>>): Omit<Learned, 'quote'> | undefined => {
    const what = clean(groups['value']);
    return EMPTY.test(what) ? undefined : { category: 'preferences', key: what, value: `${what}: ${verb}` };
  };

const fact = (groups: Readonly<Record<string, string>>): Omit<Learned, 'quote'> | undefined => {
  const key = clean(groups['key']);
  const value = clean(groups['value']);
  return PASSING.test(key) || EMPTY.test(value) ? undefined : { category: 'facts', key, value };
};

const wish = (_: unknown, sentence: string): Omit<Learned, 'quote'> => ({
  category: 'preferences',
  key: clean(sentence).split(' ').slice(0, 6).join(' '),
  value: clean(sentence),
  importance: 4,
});

/** The first that fits a sentence says what it means. */
const RULES: readonly Rule[] = [
  { pattern: /^(?:my name is|my name's|i am called|i'm called)\s+(?<value>[^,;]{1,60})$/i, read: info('name', 5) },
  {
    pattern: /^(?:[Pp]lease )?[Cc]all me (?<value>\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){0,2})$/u,
    read: info('name', 5),
  },
  { pattern: /^my birthday (?:is|'s)\s+(?:on\s+)?(?<value>.+)$/i, read: info('birthday', 5) },
  { pattern: /^i (?:live|am living|moved) (?:in|to)\s+(?<value>[^,;]{1,60})$/i, read: info('home') },
  { pattern: /^i work (?:as|at|for)\s+(?<value>.+)$/i, read: info('work') },
  { pattern: /^i(?: am|'m) allergic to\s+(?<value>.+)$/i, read: info('allergy', 5) },
  { pattern: /^i(?: am|'m)(?: a)? (?<value>vegan|vegetarian)$/i, read: info('diet', 5) },
  { pattern: /^i(?: really| strongly| usually| generally)? prefer\s+(?<value>.+)$/i, read: taste('prefers') },
  { pattern: /^i(?: really| do)? (?:like|love|enjoy)\s+(?<value>.+)$/i, read: taste('likes') },
  {
    pattern: /^i(?: really)? (?:hate|dislike|don't like|do not like|can't stand)\s+(?<value>.+)$/i,
    read: taste('does not like'),
  },
  { pattern: /^(?:please\s+)?(?:always|never(?! mind)|from now on)\b.{4,}$/i, read: wish },
  { pattern: /^(?:my|our)\s+(?<key>[\p{L}\p{N}' -]{2,40}?)\s+(?:is|are)\s+(?<value>.+)$/iu, read: fact },
  {
    pattern: /^(?:내|제|나의|저의)\s*이름은\s*(?<value>.+?)(?:이라고\s*(?:해|합니다)|이야|야|예요|이에요|입니다)?$/,
    read: info('name', 5),
  },
  {
    pattern: /^(?:내|제|나의|저의)\s*생일은\s*(?<value>.+?)(?:이야|야|예요|이에요|입니다)?$/,
    read: info('birthday', 5),
  },
  {
    pattern:
      /^(?:나는|난|저는|전)\s+(?<value>.+?)에\s*(?:살아|살아요|삽니다|살고\s*있어|살고\s*있어요|살고\s*있습니다)$/,
    read: info('home'),
  },
  {
    pattern:
      /^(?:나는|난|저는|전)\s+(?<value>.+?)에서\s*(?:일해|일해요|일합니다|일하고\s*있어|일하고\s*있어요|일하고\s*있습니다)$/,
    read: info('work'),
  },
  {
    pattern: /^(?:나는|난|저는|전|나|저)?\s*(?<value>[^\s]+)\s*알레르기가?\s*(?:있어|있어요|있습니다)$/,
    read: info('allergy', 5),
  },
  {
    pattern: /^(?:나는|난|저는|전)\s+(?<value>.+?)(?:을|를|이|가)?\s+(?:더\s+)?(?:선호해|선호해요|선호합니다)$/,
    read: tasteKo('선호함'),
  },
  {
    pattern:
      /^(?:나는|난|저는|전)\s+(?<value>.+?)(?:을|를|이|가)?\s+(?:정말\s+|아주\s+|제일\s+|가장\s+)?(?:좋아해|좋아해요|좋아합니다|좋아한다)$/,
    read: tasteKo('좋아함'),
  },
  {
    pattern:
      /^(?:나는|난|저는|전)\s+(?<value>.+?)(?:이|가)\s+(?:정말\s+|아주\s+|제일\s+|가장\s+)?(?:좋아|좋아요|좋습니다)$/,
    read: tasteKo('좋아함'),
  },
  {
    pattern:
      /^(?:나는|난|저는|전)\s+(?<value>.+?)(?:을|를|이|가)?\s+(?:정말\s+|아주\s+|제일\s+|가장\s+)?(?:싫어해|싫어해요|싫어합니다|싫어한다|안\s*좋아해|안\s*좋아해요)$/,
    read: tasteKo('싫어함'),
  },
  {
    pattern:
      /^(?:앞으로는?|항상|언제나|절대로?)\s+.+(?:해\s*줘|해\s*주세요|하지\s*마|하지\s*마세요|말아\s*줘|말아\s*주세요|써\s*줘|써\s*주세요)$/,
    read: wish,
  },
  {
    pattern:
      /^(?:내|제|나의|저의|우리)\s*(?<key>[\p{L}\p{N} ]{1,30}?)(?:은|는)\s+(?<value>.+?)(?:이야|야|예요|이에요|입니다)$/u,
    read: fact,
  },
];

/** A correction begins so; what follows is the statement. */
const LEAD_IN =
  /^(?:(?:no|actually|sorry|correction|wait|by the way|btw|also|and|well|ok|okay|hi|hello|hey|아니|아니요|아니야|참고로|그리고|안녕|안녕하세요)[,.:!]?\s+)+/i;

/** What a person's own words say of them, in order; nothing for questions. */
export function learnByRules(text: string): Learned[] {
  const learned: Learned[] = [];
  for (const whole of sentencesOf(text).slice(0, MOST_SENTENCES)) {
    const sentence = clean(whole.replace(LEAD_IN, ''));
    const found = sentence.length > LONGEST ? undefined : statementOf(sentence);
    if (found !== undefined) learned.push({ ...found, quote: whole });
  }
  return learned;
}

function statementOf(sentence: string): Omit<Learned, 'quote'> | undefined {
  for (const { pattern, read } of RULES) {
    const match = pattern.exec(sentence);
    if (match === null) continue;
    const found = read(match.groups ?? {}, sentence);
    if (found === undefined || found.value === '' || found.value.length > LONGEST_VALUE) return undefined;
    return { ...found, key: found.key.slice(0, LONGEST_KEY) };
  }
  return undefined;
}

/** Sentences as they were written, without those that ask. */
function sentencesOf(text: string): string[] {
  const parts = text.split(/(?<=[.!?。？！])\s+|\n+/);
  return parts.map((part) => part.trim()).filter((part) => part !== '' && !/[?？]["'”’)]*$/.test(part));
}
