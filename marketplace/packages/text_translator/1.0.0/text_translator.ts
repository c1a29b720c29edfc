import { defineTool, z } from 'claw/tool';

/** ITU-R M.1677-1. */
const MORSE: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'A .- B -... C -.-. D -.. E . F ..-. G --. H .... I .. J .--- K -.- L .-.. M -- N -. O --- P .--. Q --.- R .-. S ... ' +
    'T - U ..- V ...- W .-- X -..- Y -.-- Z --.. 0 ----- 1 .---- 2 ..--- 3 ...-- 4 ....- 5 ..... 6 -.... 7 --... 8 ---.. ' +
    "9 ----. . .-.-.- , --..-- ? ..--.. ' .----. ! -.-.-- / -..-. ( -.--. ) -.--.- & .-... : ---... ; -.-.-. = -...- " +
    '+ .-.-. - -....- _ ..--.- " .-..-. $ ...-..- @ .--.-.'
  )
    .split(' ')
    .flatMap((part, index, all) => (index % 2 === 0 ? [[part, all[index + 1] ?? '']] : [])),
);
const FROM_MORSE = new Map(Object.entries(MORSE).map(([letter, code]) => [code, letter]));

/** Korean Morse: one code a letter; syllables are taken apart, double letters sent twice. */
const JAMO: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'ㄱ .-.. ㄴ ..-. ㄷ -... ㄹ ...- ㅁ -- ㅂ .-- ㅅ --. ㅇ -.- ㅈ .--. ㅊ -.-. ㅋ -..- ㅌ --.. ㅍ --- ㅎ .--- ' +
    'ㅏ . ㅑ .. ㅓ - ㅕ ... ㅗ .- ㅛ -. ㅜ .... ㅠ .-. ㅡ -.. ㅣ ..- ㅐ --.- ㅔ -.--'
  )
    .split(' ')
    .flatMap((part, index, all) => (index % 2 === 0 ? [[part, all[index + 1] ?? '']] : [])),
);
const FIRST = 'ㄱ ㄱㄱ ㄴ ㄷ ㄷㄷ ㄹ ㅁ ㅂ ㅂㅂ ㅅ ㅅㅅ ㅇ ㅈ ㅈㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(' ');
const MIDDLE = 'ㅏ ㅐ ㅑ ㅑㅣ ㅓ ㅔ ㅕ ㅕㅣ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ'.split(' ');
const LAST =
  ' ㄱ ㄱㄱ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅅㅅ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(
    ' ',
  );

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

function graphemes(text: string): string[] {
  return text.match(GRAPHEME) ?? [];
}

function lettersOf(syllable: string): string {
  const index = syllable.charCodeAt(0) - 0xac00;
  if (index < 0 || index >= 11_172) return syllable;
  return `${FIRST[Math.floor(index / 588)] ?? ''}${MIDDLE[Math.floor((index % 588) / 28)] ?? ''}${LAST[index % 28] ?? ''}`;
}

/** Letters apart by a space, words by ` / `. */
function toMorse(text: string): string {
  const words = text.normalize('NFC').trim().split(/\s+/);
  return words
    .map((word) =>
      [...word]
        .flatMap((char) => [...lettersOf(char)])
        .map((char) => {
          const code = MORSE[char.toUpperCase()] ?? JAMO[char];
          if (code === undefined) throw new Error(`there is no Morse code for ${JSON.stringify(char)}`);
          return code;
        })
        .join(' '),
    )
    .join(' / ');
}

function fromMorse(text: string): string {
  const plain = text
    .trim()
    .replace(/[·•∙]/g, '.')
    .replace(/[−–—_]/g, '-');
  if (/[^\s./|-]/.test(plain)) throw new Error('Morse code has only dots, dashes, spaces and / between words');
  return plain
    .split(/\s*[/|]\s*|\s{3,}/)
    .filter((word) => word !== '')
    .map((word) =>
      word
        .split(/\s+/)
        .map((code) => {
          const letter = FROM_MORSE.get(code);
          if (letter === undefined) throw new Error(`${code} is no letter of international Morse code`);
          return letter;
        })
        .join(''),
    )
    .join(' ');
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

/** Words of text in any case: parseHTTPResponse, snake_case, kebab-case, plain words. */
function wordsOf(text: string): string[] {
  return (
    text
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).map((word) => word.toLowerCase());
}

/** The first letter large, whatever it is made of; digits and signs before it stay. */
function capital(word: string): string {
  const [first = '', ...rest] = word;
  return first.toUpperCase() + rest.join('').toLowerCase();
}

const TRANSLATIONS: Readonly<Record<string, (text: string) => string>> = {
  rot13,
  morse: toMorse,
  from_morse: fromMorse,
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  title: (text) => text.replace(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’]*/gu, capital),
  sentence: (text) =>
    text
      .toLowerCase()
      .replace(/(^|[.!?]\s+)(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  swap: (text) =>
    [...text].map((char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())).join(''),
  camel: (text) =>
    wordsOf(text)
      .map((word, index) => (index === 0 ? word : capital(word)))
      .join(''),
  pascal: (text) => wordsOf(text).map(capital).join(''),
  snake: (text) => wordsOf(text).join('_'),
  kebab: (text) => wordsOf(text).join('-'),
  reverse: (text) => graphemes(text).toReversed().join(''),
  reverse_words: (text) => text.split(/(\s+)/).toReversed().join(''),
};

export default defineTool({
  name: 'text_translator',
  description:
    'Rewrites text: ROT13, Morse code and back, upper, lower, title and other cases, or reversed by characters or words.',
  input: z.object({
    text: z.string().min(1).max(100_000),
    to: z.enum([
      'rot13',
      'morse',
      'from_morse',
      'upper',
      'lower',
      'title',
      'sentence',
      'swap',
      'camel',
      'pascal',
      'snake',
      'kebab',
      'reverse',
      'reverse_words',
    ]),
  }),
  idempotent: true,
  examples: [
    { input: { text: 'Hello, World!', to: 'rot13' }, output: 'Uryyb, Jbeyq!' },
    { input: { text: 'SOS now', to: 'morse' }, output: '... --- ... / -. --- .--' },
    { input: { text: '... --- ... / -. --- .--', to: 'from_morse' }, output: 'SOS NOW' },
    { input: { text: 'parseHTTPResponse now', to: 'snake' }, output: 'parse_http_response_now' },
    { input: { text: '한글 👨‍👩‍👧 é', to: 'reverse' }, output: 'é 👨‍👩‍👧 글한' },
  ],
  run: ({ text, to }) => TRANSLATIONS[to]?.(text),
});
