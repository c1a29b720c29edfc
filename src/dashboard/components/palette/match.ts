/** Owns how well a text fits what somebody types to find it: words in any order, in English letter by letter, in Korean also by first consonants and half-typed syllables. */

/** Hangul syllables are FIRST + MIDDLE + LAST by arithmetic. Source: The Unicode Standard, 3.12. */
const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const MIDDLES = 21;
const LASTS = 28;
const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const VOWELS = ['ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅗㅏ', 'ㅗㅐ', 'ㅗㅣ', 'ㅛ', 'ㅜ', 'ㅜㅓ', 'ㅜㅔ', 'ㅜㅣ', 'ㅠ', 'ㅡ', 'ㅡㅣ', 'ㅣ']; // oxfmt-ignore
const FINALS = ['', 'ㄱ', 'ㄲ', 'ㄱㅅ', 'ㄴ', 'ㄴㅈ', 'ㄴㅎ', 'ㄷ', 'ㄹ', 'ㄹㄱ', 'ㄹㅁ', 'ㄹㅂ', 'ㄹㅅ', 'ㄹㅌ', 'ㄹㅍ', 'ㄹㅎ', 'ㅁ', 'ㅂ', 'ㅂㅅ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ']; // oxfmt-ignore

/** How well `text` fits all words of `query`: 0 not at all, higher is better; everything fits an empty query. */
export function fitOf(text: string, query: string): number {
  const words = normal(query).split(/\s+/).filter(Boolean);
  const own = normal(text);
  let sum = 1;
  for (const word of words) {
    const fit = /^[ㄱ-ㅎ]+$/.test(word)
      ? Math.max(fitOfWord(initialsOf(own), word), 0)
      : fitOfWord(jamoOf(own), jamoOf(word));
    if (fit === 0) return 0;
    sum += fit;
  }
  // Of two that fit alike, the shorter is more likely meant.
  return sum + 1 / (1 + own.length);
}

function normal(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function fitOfWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 100;
  if (at > 0) return isStart(text, at) || text.split(/[\s_./-]+/).some((each) => each.startsWith(word)) ? 80 : 50;
  return word.length > 2 && isScattered(text, word) ? 10 : 0;
}

function isStart(text: string, at: number): boolean {
  return /[\s_./-]/.test(text[at - 1] ?? ' ');
}

/** The letters of `word` in their order, the first at the beginning of a word. */
function isScattered(text: string, word: string): boolean {
  for (let from = text.indexOf(word[0] ?? ''); from !== -1; from = text.indexOf(word[0] ?? '', from + 1)) {
    if (from > 0 && !isStart(text, from)) continue;
    let at = from;
    for (const letter of word) {
      const found = text.indexOf(letter, at);
      // Letters that are far apart fit anything.
      if (found === -1 || found - at > 8) {
        at = -1;
        break;
      }
      at = found + 1;
    }
    if (at !== -1) return true;
  }
  return false;
}

/** Each syllable as its letters, so that a half-typed one is the beginning of a whole one. */
function jamoOf(text: string): string {
  return eachSyllable(
    text,
    (first, middle, last) => `${INITIALS[first] ?? ''}${VOWELS[middle] ?? ''}${FINALS[last] ?? ''}`,
  );
}

function initialsOf(text: string): string {
  return eachSyllable(text, (first) => INITIALS[first] ?? '');
}

function eachSyllable(text: string, write: (first: number, middle: number, last: number) => string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) return COMPOUND[character] ?? character;
      const number = code - FIRST_SYLLABLE;
      return write(Math.floor(number / (MIDDLES * LASTS)), Math.floor(number / LASTS) % MIDDLES, number % LASTS);
    })
    .join('');
}

/** Letters that a keyboard makes of two, while they stand alone. */
const COMPOUND: Readonly<Record<string, string>> = {
  ㅘ: 'ㅗㅏ', ㅙ: 'ㅗㅐ', ㅚ: 'ㅗㅣ', ㅝ: 'ㅜㅓ', ㅞ: 'ㅜㅔ', ㅟ: 'ㅜㅣ', ㅢ: 'ㅡㅣ',
}; // oxfmt-ignore
