/** Owns how text becomes search terms, for the indexes of memories and messages and for every query, so that both always agree. Terms hold letters, digits and marks only, whatever a person types. */
import { normaliseForSearch } from './search-tokens.ts';
import { stemEnglish } from './stem-english.ts';

/** A way in which a word of a query can hit. */
export interface QueryTerm {
  readonly term: string;
  /** Every term that begins so is a hit. */
  readonly isPrefix: boolean;
  /** What a hit counts, beside its rareness. */
  readonly weight: number;
}

/** A whole word tells more than a pair of its letters. */
const WORD_WEIGHT = 4;
const GRAM_WEIGHT = 1;

/** One word of a query and the index terms that count as a hit of it. */
interface QueryWord {
  word: string;
  /** Empty where the word is of a script that is searched as a whole. */
  grams: readonly string[];
}

const MOST_QUERY_WORDS = 48;
const MOST_QUERY_GRAMS = 96;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:\+\+|#(?![\p{L}\p{N}]))?/gu;
/** Korean glues particles to words; Chinese and Japanese write no spaces. */
const GLUED = /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;
const PLAIN = /[^\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu;

/** So common that they say nothing about what is looked for; kept where a query has nothing else. */
const COMMON = new Set(
  (
    'a an and are as at be by can could did do does for from had has have he her his how i if in is it its me my of on or ' +
    'our she should so that the their them then there they this to us was we were what when where which who why will with ' +
    'would you your about tell please know 뭐야 뭐지 무엇 어디 언제 누구 알려줘 알려 내가 나는 제가 저는 나의 내 제 그 이 저 것 수 좀'
  ).split(' '),
);

/** The text in composed form (Korean typed on another system arrives decomposed), without what cannot be stored. */
export function normalizeText(text: string): string {
  return text.toWellFormed().normalize('NFC').replaceAll('\u0000', '');
}

/** What the index holds of a text, each term once: words (`w…`, English stemmed) and overlapping pairs of scripts that glue particles (`g…`). */
export function indexTerms(text: string): string[] {
  const terms = new Set<string>();
  for (const word of wordsOf(text)) {
    terms.add(wholeTerm(word));
    for (const part of word.match(PLAIN) ?? []) terms.add(wholeTerm(part));
    for (const run of word.match(GLUED) ?? []) for (const gram of indexedGrams(run)) terms.add(`g${gram}`);
  }
  return [...terms];
}

/** For each word of a query the terms that count as a hit of it. */
export function queryTerms(query: string): QueryTerm[][] {
  return queryWords(query).map(({ word, grams }) => {
    const plain = grams.length === 0 ? [] : (word.match(PLAIN) ?? []);
    const whole = new Set([word, ...plain].map(wholeTerm));
    return [
      ...[...whole].map((term) => ({ term, isPrefix: false, weight: WORD_WEIGHT })),
      ...grams.map((gram) => ({ term: `g${gram}`, isPrefix: [...gram].length === 1, weight: GRAM_WEIGHT })),
    ];
  });
}

/** English by its stem, without accents. One letter may stand for several words: what parts them is left out. */
const wholeTerm = (word: string): string =>
  `w${stemEnglish(normaliseForSearch(word).replaceAll(/[^\p{L}\p{N}\p{M}]/gu, ''))}`;

/** The words of a query with what counts as a hit of each: common words dropped, repetitions once, bounded. */
export function queryWords(query: string): QueryWord[] {
  const all = [...new Set(wordsOf(query.slice(0, 10_000)))];
  const telling = all.filter((word) => !COMMON.has(word));
  let grams = 0;
  const kept: QueryWord[] = [];
  for (const word of (telling.length > 0 ? telling : all).slice(0, MOST_QUERY_WORDS)) {
    const pairs = [...new Set((word.match(GLUED) ?? []).flatMap(queriedGrams))];
    grams += pairs.length;
    if (grams > MOST_QUERY_GRAMS) break;
    kept.push({ word, grams: pairs });
  }
  return kept;
}

/** Lower-cased words; `C++` and `C#` are words of their own, spelt so that a tokenizer keeps them. */
function wordsOf(text: string): string[] {
  const found = normalizeText(text).toLowerCase().match(WORD) ?? [];
  return found.map((word) => word.replace('++', 'plusplus').replace('#', 'sharp'));
}

/** Overlapping pairs, and the last syllable alone, so that one syllable finds every place it stands at. */
function indexedGrams(run: string): string[] {
  const letters = [...run];
  const pairs = letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
  const last = letters.at(-1);
  return last === undefined ? pairs : [...pairs, last];
}

/** A lone syllable is looked up as the beginning of a pair; a longer run by its pairs. */
function queriedGrams(run: string): string[] {
  const letters = [...run];
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
}

const SNIPPET_BEFORE = 50;

/** About `length` characters of `text` where most words of the query stand, each hit between « and ». */
export function snippetOf(text: string, query: string, length = 160): string {
  const line = normalizeText(text).replaceAll(/\s+/g, ' ').trim();
  const lower = line.toLowerCase();
  // Lower case of some letters is longer; then hits cannot be told and the beginning is shown.
  const hits = lower.length === line.length ? hitsIn(lower, query) : [];
  const inWindow = (from: number): number => hits.filter(([at]) => at >= from && at < from + length).length;
  const best = hits.reduce((top, [at]) => (inWindow(at) > inWindow(top) ? at : top), hits[0]?.[0] ?? 0);
  const from = best <= SNIPPET_BEFORE ? 0 : best - SNIPPET_BEFORE;
  const to = Math.min(line.length, from + length);
  let shown = '';
  let at = from;
  for (const [start, end] of hits) {
    if (start < at || end > to) continue;
    shown += `${line.slice(at, start)}«${line.slice(start, end)}»`;
    at = end;
  }
  shown += line.slice(at, to);
  return `${from > 0 ? '…' : ''}${shown.toWellFormed()}${to < line.length ? '…' : ''}`;
}

/** Where words of the query stand in `lower`, in order, not overlapping. An English word counts by its stem. */
function hitsIn(lower: string, query: string): (readonly [start: number, end: number])[] {
  const wanted = queryWords(query).flatMap(({ word, grams }) =>
    grams.length > 0 ? [word, ...grams] : [word.length > 4 ? word.replace(/(?:ing|ed|es|s|e|ies|y)$/, '') : word],
  );
  const hits: [number, number][] = [];
  for (const term of new Set(wanted)) {
    for (let at = lower.indexOf(term); at !== -1 && hits.length < 500; at = lower.indexOf(term, at + term.length)) {
      hits.push([at, at + term.length]);
    }
  }
  hits.sort(([a, aEnd], [b, bEnd]) => a - b || bEnd - aEnd);
  const merged: [number, number][] = [];
  for (const [start, end] of hits) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
