/** Owns the second look at what the index found: it reads the text of the candidates and orders them by rare words, the words' nearness, and exact phrases. Pure. */
import { normaliseForSearch, searchTokens } from '../kernel/search-tokens.ts';
import { stemEnglish } from '../kernel/stem-english.ts';
import type { FoundChunk } from '../store/knowledge-table.ts';

/** What is asked: tokens with their weight (inverse document frequency). */
export interface WeightedQuery {
  /** The question as it was normalised, for the exact phrase. */
  readonly phrase: string;
  readonly words: ReadonlyMap<string, number>;
  readonly pairs: ReadonlyMap<string, number>;
}

export interface RankedSection {
  /** Best chunk of the section. */
  readonly chunk: FoundChunk;
  /** 0 to 1: the share of what a text that is all about the question would get. */
  readonly score: number;
}

// Weights found on one half of a Korean question set and confirmed on the other (docs/knowledge.md).
const PAIRS = 1;
const WORDS = 1;
const INSIDE = 0.5;
const SENTENCE = 2;
const TITLE = 0.8;
const PHRASE = 0.5;
/** How soon repetition stops to count, and how much length counts (BM25's k1 and b). */
const K1 = 0.6;
const B = 0.6;
/** Characters of a usual section. */
const USUAL_LENGTH = 500;

/** Code of the first character of a script that is written in pairs. */
const FIRST_PAIRED = 0x2e80;

const SENTENCE_END = /(?<=[.!?。！？])\s+|\n+/;
const PLAIN_WORD = /[a-z]+(?:\+\+|#)?|\d+/g;

/** The sections in order, best first. */
export function rankSections(query: WeightedQuery, sections: readonly (readonly FoundChunk[])[]): RankedSection[] {
  // As numbers: slicing every pair of a text takes ten times as long.
  const pairs = new Map(
    [...query.pairs.keys()].map((pair) => [pair.charCodeAt(0) * 65_536 + pair.charCodeAt(1), pair]),
  );
  const ranked = sections
    .map((chunks) => rankSection(new Scan(query, pairs), chunks))
    .filter((each) => each !== undefined);
  return ranked.toSorted((a, b) => b.score - a.score || a.chunk.seq - b.chunk.seq);
}

function rankSection(scan: Scan, chunks: readonly FoundChunk[]): RankedSection | undefined {
  const [first] = chunks;
  if (first === undefined) return undefined;
  scan.readTitle(`${first.title}\n${first.heading}`);
  let best = first;
  let bestNear = -1;
  let length = 0;
  for (const chunk of chunks) {
    const near = scan.readText(chunk.text);
    length += chunk.text.length;
    if (near <= bestNear) continue;
    bestNear = near;
    best = chunk;
  }
  return { chunk: best, score: scan.score(length) };
}

/** Counts the tokens of a question in one section. */
class Scan {
  readonly #query: WeightedQuery;
  readonly #pairs: ReadonlyMap<number, string>;
  readonly #counts = new Map<string, number>();
  readonly #inTitle = new Set<string>();
  readonly #starts = new Set<string>();
  readonly #inside = new Set<string>();
  #bestSentence = 0;
  #hasPhrase = false;

  constructor(query: WeightedQuery, pairs: ReadonlyMap<number, string>) {
    this.#query = query;
    this.#pairs = pairs;
  }

  readTitle(title: string): void {
    const { words, pairs } = searchTokens(title);
    for (const token of [...words, ...pairs]) this.#inTitle.add(token);
  }

  /** Returns how much of the question the chunk has: its best sentence, and a little for the rest. */
  readText(raw: string): number {
    const text = normaliseForSearch(raw);
    if (this.#query.phrase.length > 3 && text.includes(this.#query.phrase)) this.#hasPhrase = true;
    let best = 0;
    const all = new Set<string>();
    for (const sentence of text.split(SENTENCE_END)) {
      const seen = new Set<string>();
      this.#readPairs(sentence, seen);
      this.#readPlainWords(sentence, seen);
      const near = this.#weightOf(seen);
      if (near > best) best = near;
      for (const token of seen) all.add(token);
    }
    for (const token of this.#inTitle) if (this.#isAsked(token)) all.add(token);
    this.#readKoreanWords(text);
    this.#bestSentence = Math.max(this.#bestSentence, best);
    return best + this.#weightOf(all) / 10;
  }

  score(length: number): number {
    const { words, pairs } = this.#query;
    let sum = 0;
    let most = 0;
    const norm = K1 * (1 - B + (B * length) / USUAL_LENGTH);
    const add = (token: string, weight: number): void => {
      const count = this.#counts.get(token) ?? 0;
      const title = this.#inTitle.has(token) ? TITLE : 0;
      sum += PAIRS * weight * (title + (count * (K1 + 1)) / (count + norm));
      most += PAIRS * weight * (K1 + 1) + SENTENCE * weight;
    };
    for (const [token, weight] of pairs) add(token, weight);
    for (const [word, weight] of words) {
      if (isPlain(word)) add(word, weight);
      const isThere = this.#starts.has(word) || this.#counts.has(word);
      if (isThere) sum += WORDS * weight;
      else if (this.#inTitle.has(word)) sum += WORDS * weight * TITLE;
      if (isThere || this.#inside.has(word)) sum += INSIDE * weight;
      most += (WORDS + INSIDE) * weight;
    }
    sum += SENTENCE * this.#bestSentence;
    if (most === 0) return 0;
    return Math.min(1, sum / most + (this.#hasPhrase ? PHRASE * 0.2 : 0));
  }

  #readPairs(sentence: string, seen: Set<string>): void {
    if (this.#pairs.size === 0) return;
    let before = 0;
    for (let at = 0; at < sentence.length; at += 1) {
      const code = sentence.charCodeAt(at);
      if (before >= FIRST_PAIRED && code >= FIRST_PAIRED) {
        const pair = this.#pairs.get(before * 65_536 + code);
        if (pair !== undefined) this.#count(pair, seen);
      }
      before = code;
    }
  }

  #readPlainWords(sentence: string, seen: Set<string>): void {
    for (const [word] of sentence.matchAll(PLAIN_WORD)) {
      const stem = word.endsWith('+') || word.endsWith('#') ? (searchTokens(word).words[0] ?? '') : stemEnglish(word);
      if (this.#query.words.has(stem)) this.#count(stem, seen);
    }
  }

  #readKoreanWords(text: string): void {
    for (const word of this.#query.words.keys()) {
      if (isPlain(word)) continue;
      for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
        this.#inside.add(word);
        if (at > 0 && isHangul(text.charCodeAt(at - 1))) continue;
        this.#starts.add(word);
        break;
      }
    }
  }

  #count(token: string, seen: Set<string>): void {
    this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
    seen.add(token);
  }

  #isAsked(token: string): boolean {
    return this.#query.pairs.has(token) || (isPlain(token) && this.#query.words.has(token));
  }

  #weightOf(seen: ReadonlySet<string>): number {
    let sum = 0;
    for (const [token, weight] of this.#query.pairs) if (seen.has(token) || this.#inTitle.has(token)) sum += weight;
    for (const [word, weight] of this.#query.words)
      if (isPlain(word) && (seen.has(word) || this.#inTitle.has(word))) sum += weight;
    return sum;
  }
}

const isHangul = (code: number): boolean => code >= 0xac00 && code <= 0xd7a3;

/** Whether a word is compared as a whole and not by its pairs. */
function isPlain(word: string): boolean {
  return /^[a-z\d]/.test(word);
}
