/** Owns how text becomes search tokens, the same for what is stored and what is asked: words (English stemmed, Korean without particles) and overlapping pairs of syllables. Whatever comes in, tokens hold letters, digits and emoji only, so that no query language sees more. */
import { stemEnglish } from './stem-english.ts';

export interface SearchTokens {
  /** Stems in the order of the text, repeats included. */
  readonly words: readonly string[];
  /** Overlapping pairs of each run of Hangul, Han or kana, repeats included. */
  readonly pairs: readonly string[];
}

/** Longest first. Particles, and what a noun takes before one (`이었던`, `들이`). */
const PARTICLES: readonly string[] = (
  '으로부터 에게서는 에서부터 이라는 이라고 에서는 에게는 으로는 으로서 으로써 까지는 부터는 에서의 이었던 ' +
  '한테서 이며 라는 라고 에서 에게 한테 께서 으로 까지 부터 처럼 보다 마저 조차 에는 와의 과의 로는 로서 로써 만이 ' +
  '들이 들은 들을 들의 이란 은 는 이 가 을 를 의 에 와 과 도 로 만 나 랑 란'
).split(' ');

/** Particles that may follow a noun of one syllable: 물을, 집에. */
const AFTER_ONE_SYLLABLE = /^.[은는이가을를의에와과도로만]$/;

const HANGUL = /^[가-힣]/;
/** A run without spaces that is found by its pairs: Hangul, Han, kana. */
const PAIRED = '[가-힣]+|[\\p{Script=Han}々]+|[\\p{Script=Hiragana}\\p{Script=Katakana}ー]+';
const RUN = new RegExp(
  `${PAIRED}|[a-z]+(?:\\+\\+|#)(?![\\p{L}\\p{N}])|[a-z]+|\\d+|\\p{Extended_Pictographic}|(?:(?![a-z가-힣\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}])[\\p{L}\\p{M}])+`,
  'gu',
);
const IS_PAIRED = new RegExp(`^(?:${PAIRED})$`, 'u');

const SURROGATE = /[\ud800-\udfff]/;

/** Longest run that is one word, in characters: what is longer is no word. */
const MAX_WORD = 40;

/** One spelling for what looks the same: composed Hangul, plain Latin letters, lower case, full-width forms as usual ones. */
export function normaliseForSearch(text: string): string {
  // Accents of Latin letters only: the marks of other scripts are part of their words.
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\u00c0-\u024f]/g, (letter) => letter.normalize('NFD').charAt(0));
}

/** Tokens of `text`. */
export function searchTokens(text: string): SearchTokens {
  const words: string[] = [];
  const pairs: string[] = [];
  for (const [run] of normaliseForSearch(text).matchAll(RUN)) {
    // Rare letters of Han need two units each, which a pair would cut.
    if (IS_PAIRED.test(run) && SURROGATE.test(run)) words.push(...run);
    else if (IS_PAIRED.test(run)) {
      for (let at = 0; at + 1 < run.length; at += 1) pairs.push(run.slice(at, at + 2));
      if (HANGUL.test(run)) addKoreanWord(run, words);
      else if (run.length === 1) words.push(run);
    } else words.push(latinWord(run));
  }
  return { words, pairs };
}

/** The stem of a Korean word: without the particle at its end, when two syllables or more stay. */
function stemKorean(word: string): string {
  const particle = PARTICLES.find((each) => word.length - each.length >= 2 && word.endsWith(each));
  return particle === undefined ? word : word.slice(0, -particle.length);
}

function addKoreanWord(run: string, words: string[]): void {
  words.push(stemKorean(run).slice(0, MAX_WORD));
  const [first = ''] = run;
  if (AFTER_ONE_SYLLABLE.test(run)) words.push(first);
}

function latinWord(run: string): string {
  if (run.endsWith('#')) return `${run.slice(0, -1)}sharp`;
  if (run.endsWith('++')) return `${run.slice(0, -2)}plusplus`;
  return stemEnglish(run).slice(0, MAX_WORD);
}
