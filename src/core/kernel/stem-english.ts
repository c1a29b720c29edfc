/** Owns the stemming of English words: Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", 1980). Other words come back as they are. */

const CONSONANT = '[^aeiou]';
const VOWEL = '[aeiouy]';
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;
const MEASURE_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const MEASURE_IS_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`);
const MEASURE_2 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const HAS_VOWEL = new RegExp(`^(${CONSONANTS})?${VOWEL}`);
const SHORT_END = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);

const LONG_ENDINGS: readonly (readonly [string, string])[] = Object.entries({
  ational: 'ate',
  ization: 'ize',
  fulness: 'ful',
  ousness: 'ous',
  iveness: 'ive',
  tional: 'tion',
  biliti: 'ble',
  entli: 'ent',
  ousli: 'ous',
  ation: 'ate',
  alism: 'al',
  aliti: 'al',
  iviti: 'ive',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  alli: 'al',
  ator: 'ate',
  logi: 'log',
  bli: 'ble',
  eli: 'e',
});

const MIDDLE_ENDINGS: readonly (readonly [string, string])[] = Object.entries({
  icate: 'ic',
  ative: '',
  alize: 'al',
  iciti: 'ic',
  ical: 'ic',
  ness: '',
  ful: '',
});

const LAST_ENDINGS = /^(.+?)(ement|ance|ence|able|ible|ment|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou)$/;

/** Stem of a lower-case word of the letters a to z; shorter than three letters, or with any other character, it stays. */
export function stemEnglish(word: string): string {
  if (!/^[a-z]{3,40}$/.test(word)) return word;
  // A leading y is a consonant.
  const marked = word.startsWith('y') ? `Y${word.slice(1)}` : word;
  const stem = lastLetters(
    lastEnding(replaceEnding(replaceEnding(pastAndPlural(marked), LONG_ENDINGS), MIDDLE_ENDINGS)),
  );
  return stem.toLowerCase();
}

function pastAndPlural(word: string): string {
  let stem = word.replace(/^(.+?)(ss|i)es$/, '$1$2').replace(/^(.+?)([^s])s$/, '$1$2');
  const eed = /^(.+?)eed$/.exec(stem);
  const past = /^(.+?)(ed|ing)$/.exec(stem);
  if (eed !== null) {
    if (MEASURE_1.test(eed[1] ?? '')) stem = stem.slice(0, -1);
  } else if (past !== null && HAS_VOWEL.test(past[1] ?? '')) {
    stem = mendPast(past[1] ?? '');
  }
  const y = /^(.+?)y$/.exec(stem);
  return y !== null && HAS_VOWEL.test(y[1] ?? '') ? `${y[1]}i` : stem;
}

function mendPast(stem: string): string {
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/([^aeiouylsz])\1$/.test(stem)) return stem.slice(0, -1);
  return SHORT_END.test(stem) ? `${stem}e` : stem;
}

function replaceEnding(word: string, endings: readonly (readonly [string, string])[]): string {
  const found = endings.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const stem = word.slice(0, -found[0].length);
  return MEASURE_1.test(stem) ? stem + found[1] : word;
}

function lastEnding(word: string): string {
  const stem = LAST_ENDINGS.exec(word)?.[1] ?? /^(.+?[st])ion$/.exec(word)?.[1];
  return stem !== undefined && MEASURE_2.test(stem) ? stem : word;
}

function lastLetters(word: string): string {
  const e = /^(.+?)e$/.exec(word)?.[1];
  const isDropped = e !== undefined && (MEASURE_2.test(e) || (MEASURE_IS_1.test(e) && !SHORT_END.test(e)));
  const stem = isDropped ? e : word;
  return stem.endsWith('ll') && MEASURE_2.test(stem) ? stem.slice(0, -1) : stem;
}
