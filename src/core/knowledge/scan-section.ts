/** Owns the second look at a section: its text is read in one pass for rare words, their nearness in one sentence, title and exact phrase. Pure. */
import { normaliseForSearch, searchTokens } from '../kernel/search-tokens.ts';
import { stemEnglish } from '../kernel/stem-english.ts';

/** What is asked: tokens with their weight (inverse document frequency). */
export interface WeightedQuery {
  /** The question as it was normalised, for the exact phrase. */
  readonly phrase: string;
  readonly words: ReadonlyMap<string, number>;
  readonly pairs: ReadonlyMap<string, number>;
}

// Weights found on one half of a Korean question set and confirmed on the other (docs/knowledge.md).
const PAIRS = 1;
const WORDS = 1;
const INSIDE = 0.5;
const SENTENCE = 2;
const TITLE = 0.8;
const PHRASE = 0.1;
/** How soon repetition stops to count, and how much length counts (BM25's k1 and b). */
const K1 = 0.6;
const B = 0.6;
/** Characters of a usual section. */
const USUAL_LENGTH = 500;

/** Code of the first character of a script that is written in pairs. */
const FIRST_PAIRED = 0x2e80;

/** A token that is counted: a pair, or a word that is compared as a whole. */
interface Counted {
  readonly weight: number;
  count: number;
  inTitle: boolean;
  /** Where it was met last. */
  sentence: number;
  chunk: number;
}

/** A word of what is asked, and whether the section has it: as the beginning of a word, anywhere, in the title. */
interface Word {
  readonly word: string;
  readonly weight: number;
  /** Its counts: of a plain word, or of a pair that is a word by itself. */
  readonly counted: Counted | undefined;
  readonly isPlain: boolean;
  starts: boolean;
  inside: boolean;
  inTitle: boolean;
}

/** Looks for one question in one section after the other: `begin`, `readText` for each chunk, `score`. */
export class SectionScan {
  readonly #phrase: string;
  readonly #words: readonly Word[];
  readonly #counted = new Map<string, Counted>();
  /** As numbers: slicing every pair of a text takes ten times as long. */
  readonly #pairs = new Map<number, Counted>();
  /** First letters of the plain words; a stem keeps that of its word, so that most words need none. */
  readonly #initials = new Set<number>();
  readonly #stems = new Map<string, string>();
  /** What a text that is all about the question would get. */
  readonly #most: number;
  #sentence = 0;
  #chunk = 0;
  /** Weights of the tokens met: in the title, with it in the sentence and in the chunk. */
  #ofTitle = 0;
  #ofSentence = 0;
  #ofChunk = 0;
  #bestOfChunk = 0;
  #bestSentence = 0;
  #hasPhrase = false;

  constructor({ phrase, words, pairs }: WeightedQuery) {
    this.#phrase = phrase;
    for (const [pair, weight] of pairs)
      this.#pairs.set(pair.charCodeAt(0) * 65_536 + pair.charCodeAt(1), this.#count(pair, weight));
    this.#words = [...words].map(([word, weight]) => {
      const plain = /^[a-z\d]/.test(word);
      if (plain) this.#initials.add(word.charCodeAt(0));
      const counted = plain ? this.#count(word, weight) : this.#counted.get(word);
      return { word, weight, counted, isPlain: plain, starts: false, inside: false, inTitle: false };
    });
    const sum = (each: Iterable<{ readonly weight: number }>): number =>
      [...each].reduce((total, { weight }) => total + weight, 0);
    this.#most = (PAIRS * (K1 + 1) + SENTENCE) * sum(this.#counted.values()) + (WORDS + INSIDE) * sum(this.#words);
  }

  #count(token: string, weight: number): Counted {
    const counted = { weight, count: 0, inTitle: false, sentence: 0, chunk: 0 };
    this.#counted.set(token, counted);
    return counted;
  }

  /** A new section with its title and headings. */
  begin(title: string): void {
    const named = searchTokens(title);
    const tokens = new Set([...named.words, ...named.pairs]);
    this.#ofTitle = 0;
    this.#bestSentence = 0;
    this.#hasPhrase = false;
    for (const [token, counted] of this.#counted) {
      counted.count = 0;
      counted.inTitle = tokens.has(token);
      if (counted.inTitle) this.#ofTitle += counted.weight;
    }
    for (const word of this.#words) {
      word.starts = false;
      word.inside = false;
      word.inTitle = tokens.has(word.word);
    }
  }

  /** Returns how much of the question the chunk has: its best sentence, and a little for the rest. */
  readText(raw: string): number {
    const text = normaliseForSearch(raw);
    if (this.#phrase.length > 3 && text.includes(this.#phrase)) this.#hasPhrase = true;
    this.#chunk += 1;
    this.#ofChunk = this.#ofTitle;
    this.#bestOfChunk = 0;
    this.#beginSentence();
    this.#readCounted(text);
    this.#endSentence();
    for (const word of this.#words) if (!word.isPlain) findGlued(word, text);
    this.#bestSentence = Math.max(this.#bestSentence, this.#bestOfChunk);
    return this.#bestOfChunk + this.#ofChunk / 10;
  }

  /** 0 to 1; `length` is that of all chunks in characters. */
  score(length: number): number {
    if (this.#most === 0) return 0;
    const norm = K1 * (1 - B + (B * length) / USUAL_LENGTH);
    let sum = SENTENCE * this.#bestSentence;
    for (const { weight, count, inTitle } of this.#counted.values())
      sum += PAIRS * weight * ((inTitle ? TITLE : 0) + (count * (K1 + 1)) / (count + norm));
    for (const { weight, counted, starts, inside, inTitle } of this.#words) {
      const isThere = starts || (counted?.count ?? 0) > 0;
      if (isThere) sum += WORDS * weight;
      else if (inTitle) sum += WORDS * weight * TITLE;
      if (isThere || inside) sum += INSIDE * weight;
    }
    return Math.min(1, sum / this.#most + (this.#hasPhrase ? PHRASE : 0));
  }

  #beginSentence(): void {
    this.#sentence += 1;
    this.#ofSentence = this.#ofTitle;
  }

  #endSentence(): void {
    this.#bestOfChunk = Math.max(this.#bestOfChunk, this.#ofSentence);
  }

  #readCounted(text: string): void {
    let before = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= FIRST_PAIRED) {
        if (before >= FIRST_PAIRED) this.#met(this.#pairs.get(before * 65_536 + code));
      } else if (isLetter(code) || isDigit(code)) {
        const end = endOfRun(text, at, isLetter(code) ? isLetter : isDigit);
        if (this.#initials.has(code)) this.#met(this.#counted.get(this.#wordAt(text, at, end)));
        at = end - 1;
      }
      if (endsSentence(text, at, code)) {
        this.#endSentence();
        this.#beginSentence();
      }
      before = code;
    }
  }

  #met(counted: Counted | undefined): void {
    if (counted === undefined) return;
    counted.count += 1;
    if (counted.inTitle) return;
    if (counted.sentence !== this.#sentence) this.#ofSentence += counted.weight;
    if (counted.chunk !== this.#chunk) this.#ofChunk += counted.weight;
    counted.sentence = this.#sentence;
    counted.chunk = this.#chunk;
  }

  /** The token of a plain word: its stem, or the name of `c++` and `c#`. */
  #wordAt(text: string, from: number, end: number): string {
    const sign = text.charAt(end);
    if (sign === '+' || sign === '#') return searchTokens(text.slice(from, end + 3)).words[0] ?? '';
    const word = text.slice(from, end);
    const known = this.#stems.get(word);
    if (known !== undefined) return known;
    const stem = stemEnglish(word);
    this.#stems.set(word, stem);
    return stem;
  }
}

function findGlued(word: Word, text: string): void {
  for (let at = text.indexOf(word.word); at !== -1 && !word.starts; at = text.indexOf(word.word, at + 1)) {
    word.inside = true;
    word.starts = at === 0 || !isHangul(text.charCodeAt(at - 1));
  }
}

function endOfRun(text: string, from: number, isPart: (code: number) => boolean): number {
  let end = from + 1;
  while (isPart(text.charCodeAt(end))) end += 1;
  return end;
}

/** A full stop counts where white space follows. */
function endsSentence(text: string, at: number, code: number): boolean {
  if (code === 0x0a) return true;
  // . ! ? and their wide forms, which are searched as the usual ones but for the ideographic full stop.
  if (code !== 0x2e && code !== 0x21 && code !== 0x3f && code !== 0x3002) return false;
  const next = text.charCodeAt(at + 1);
  return next === 0x20 || next === 0x09 || next === 0x0d;
}

const isLetter = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3;
