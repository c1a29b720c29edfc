import { defineTool, z } from 'claw/tool';

/** Hangul syllables without a final consonant: only these take a vowel after them. */
const OPEN = Array.from({ length: 399 }, (_, index) => String.fromCharCode(0xac00 + 28 * index)).join('');
const [L, V, T] = [
  '[\\u1100-\\u115F\\uA960-\\uA97C]',
  '[\\u1160-\\u11A7\\uD7B0-\\uD7C6]',
  '[\\u11A8-\\u11FF\\uD7CB-\\uD7FB]',
];
const HANGUL = `${L}*(?:[${OPEN}]${V}*|[\\uAC00-\\uD7A3]|${V}+)${T}*|${L}+|${T}+`;
const EMOJI = '\\p{Extended_Pictographic}(?:[\\p{M}\\p{EMod}\\u200C]*\\u200D\\p{Extended_Pictographic})*';
/** Extended grapheme clusters of UAX #29, without its rules for conjuncts of Indic scripts. */
const GRAPHEME = new RegExp(
  `\\r\\n|(?:\\p{RI}\\p{RI}|${EMOJI}|${HANGUL}|[^\\p{Cc}])[\\p{M}\\p{EMod}\\u200C\\u200D]*|[^]`,
  'gu',
);

/** A word: letters, marks and digits, joined inside by an apostrophe, a hyphen, or a point between digits. Chinese and Japanese signs count one each. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\p{M}*|\p{N}+(?:[.,]\p{N}+)+|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}])[\p{M}]*(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}]|['’-](?=[\p{L}\p{N}]))*/gu;

/** Ends of sentences in Latin, Chinese and Japanese writing, with closing quotes and brackets. */
const SENTENCE_END = /(?:[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]+[」』”’)]*)/gu;
/** Points that end no sentence. */
const ABBREVIATION = /\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|p|pp|fig|approx|dept|inc|ltd|jr|sr)\.$/i;

/** Words a minute, and for Korean, Chinese and Japanese characters a minute: common figures for silent reading. */
const WORDS_A_MINUTE = 238;
const SIGNS_A_MINUTE = 500;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function sentencesOf(text: string): number {
  let sentences = 0;
  let start = 0;
  for (const match of text.matchAll(SENTENCE_END)) {
    const end = match.index + match[0].length;
    const piece = text.slice(start, end);
    const isInside = ABBREVIATION.test(piece.trimEnd()) && /^\s+\S/.test(text.slice(end));
    if (isInside) continue;
    if (/[\p{L}\p{N}]/u.test(piece)) sentences += 1;
    start = end;
  }
  return sentences + (/[\p{L}\p{N}]/u.test(text.slice(start)) ? 1 : 0);
}

/** Lines end with CRLF, LF or CR; one that ends the text begins no other. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The `limit` most frequent, then in the order of their first place. */
function frequent(words: readonly string[], limit: number): { word: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .map(([word, times]) => ({ word, count: times }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, limit);
}

function readingSeconds(text: string, words: readonly string[]): number {
  const signs = count(text, /[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const others = words.filter(
    (word) => !/[\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word),
  );
  return Math.ceil((others.length / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE) * 60);
}

export default defineTool({
  name: 'text_stats',
  description:
    'Counts characters, words, sentences, lines and bytes of a text, its most frequent words and reading time; knows Korean and emoji.',
  input: z.object({
    text: z.string().max(200_000),
    top: z.int().min(0).max(50).default(5).describe('How many frequent words.'),
  }),
  idempotent: true,
  examples: [
    {
      input: { text: 'Hello world. Hello 한글! 👨‍👩‍👧', top: 1 },
      output: {
        characters: 24,
        characters_without_spaces: 20,
        code_points: 28,
        bytes_utf8: 45,
        words: 4,
        unique_words: 3,
        sentences: 2,
        lines: 1,
        paragraphs: 1,
        hangul_syllables: 2,
        average_word_length: 4.25,
        longest_word: 'Hello',
        reading_seconds: 1,
        frequent: [{ word: 'hello', count: 2 }],
      },
    },
    {
      input: { text: '' },
      output: {
        characters: 0,
        characters_without_spaces: 0,
        code_points: 0,
        bytes_utf8: 0,
        words: 0,
        unique_words: 0,
        sentences: 0,
        lines: 0,
        paragraphs: 0,
        hangul_syllables: 0,
        average_word_length: 0,
        longest_word: '',
        reading_seconds: 0,
        frequent: [],
      },
    },
  ],
  run({ text, top }) {
    const composed = text.normalize('NFC');
    const letters = composed.match(GRAPHEME) ?? [];
    const words = composed.match(WORD) ?? [];
    const folded = words.map((word) => word.toLowerCase());
    const lengths = words.map((word) => count(word, GRAPHEME));
    const most = lengths.reduce((high, length) => Math.max(high, length), 0);
    const average = words.length === 0 ? 0 : lengths.reduce((sum, length) => sum + length, 0) / words.length;
    const lines = linesOf(text);
    return {
      characters: letters.length,
      characters_without_spaces: letters.filter((letter) => !/^\s+$/u.test(letter)).length,
      code_points: [...text].length,
      bytes_utf8: utf8Bytes(text),
      words: words.length,
      unique_words: new Set(folded).size,
      sentences: sentencesOf(composed),
      lines: lines.length,
      paragraphs: lines
        .join('\n')
        .split(/\n(?:[ \t]*\n)+/)
        .filter((part) => part.trim() !== '').length,
      hangul_syllables: count(composed, /[\uAC00-\uD7A3]/g),
      average_word_length: Math.round(average * 100) / 100,
      longest_word: words[lengths.indexOf(most)] ?? '',
      reading_seconds: readingSeconds(composed, words),
      frequent: frequent(folded, top),
    };
  },
});
