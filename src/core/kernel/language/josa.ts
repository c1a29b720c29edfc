/** Owns Korean particles after a word that is only known when claw runs: chosen by its final sound. Pure. */

/** Particles after a final consonant and after a vowel. */
const PAIRS = {
  '은/는': ['은', '는'],
  '이/가': ['이', '가'],
  '을/를': ['을', '를'],
  '과/와': ['과', '와'],
  '으로/로': ['으로', '로'],
  '이라/라': ['이라', '라'],
  '이에요/예요': ['이에요', '예요'],
} as const;

export type Josa = keyof typeof PAIRS;

/** How a word ends to the ear. ㄹ counts as a vowel before 으로/로. */
type Ending = 'vowel' | 'consonant' | 'ㄹ';

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
/** Syllables of one initial and vowel: without a final consonant, then with each of 27. */
const FINALS = 28;
const FINAL_RIEUL = 8;

/** 영 일 이 삼 사 오 육 칠 팔 구. */
const DIGITS: readonly Ending[] = [
  'consonant',
  'ㄹ',
  'vowel',
  'consonant',
  'vowel',
  'vowel',
  'consonant',
  'ㄹ',
  'ㄹ',
  'vowel',
];

/** `word` with the particle of `pair` that fits: `대화 3을`, `파일로`, `claw가`. */
export function josa(word: string | number, pair: Josa): string {
  return `${word}${particle(word, pair)}`;
}

/** The particle alone, for a word in quotes or marks: both, as in `은(는)`, after what cannot be read aloud. */
export function particle(word: string | number, pair: Josa): string {
  const [afterConsonant, afterVowel] = PAIRS[pair];
  const ending = endingOf(String(word));
  if (ending === undefined)
    return afterConsonant.endsWith(afterVowel)
      ? `(${afterConsonant.slice(0, -afterVowel.length)})${afterVowel}`
      : `${afterConsonant}(${afterVowel})`;
  if (ending === 'ㄹ') return pair === '으로/로' ? afterVowel : afterConsonant;
  return ending === 'consonant' ? afterConsonant : afterVowel;
}

function endingOf(word: string): Ending | undefined {
  const spoken = word.normalize('NFC').replace(/[\p{P}\p{S}\s]+$/u, '');
  const last = spoken.at(-1) ?? '';
  const code = last.codePointAt(0) ?? 0;
  if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) {
    const final = (code - FIRST_SYLLABLE) % FINALS;
    return final === 0 ? 'vowel' : final === FINAL_RIEUL ? 'ㄹ' : 'consonant';
  }
  if (/\d/.test(last)) return endsInTrillions(spoken) ? 'vowel' : DIGITS[Number(last)];
  return /[a-z]/i.test(last) ? latinEnding(spoken) : undefined;
}

/** 조 (10^12) is the one round number that ends in a vowel. */
function endsInTrillions(spoken: string): boolean {
  const digits = (/[\d,]+$/.exec(spoken)?.[0] ?? '').replaceAll(',', '');
  return /[1-9]0{12,15}$/.test(digits);
}

/** Words as Koreans say them: capitals and single letters by their names (엘, 엠, 엔, 아르), others by their sound. */
function latinEnding(spoken: string): Ending {
  const word = /[a-z]+$/i.exec(spoken)?.[0] ?? '';
  const last = word.slice(-1).toLowerCase();
  const isSpelled = word.length === 1 || word === word.toUpperCase() || /\d[a-z]+$/i.test(spoken);
  if (last === 'l') return 'ㄹ';
  if (last === 'm' || last === 'n') return 'consonant';
  if (isSpelled) return 'vowel';
  if (/le$/i.test(word)) return 'ㄹ';
  if (/(?:ng|(?:^|[^aeiou])[aeiou](?:[bkpt]|ck))$/i.test(word)) return 'consonant';
  return 'vowel';
}
