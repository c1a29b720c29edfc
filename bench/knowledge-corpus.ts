/** Owns the made-up documents of the scale runs: Korean and English words whose frequencies fall as in a language, so that long lists of postings exist. The same in every run. */

/** Numbers from 0 to 1, the same for the same seed (Mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export interface Corpus {
  /** A passage of about 450 characters of one language with a subject of its own. */
  passage(): string;
  /** A question of five to nine words that stand in `passage`, with the words around a question. */
  question(passage: string): string;
}

const WORDS = 40_000;
const SYLLABLES = 700;
const PARTICLES = ['', '', '은', '는', '이', '가', '을', '를', '의', '에', '에서', '으로', '와', '도'];
const ENDINGS = ['', '', '', 's', 'ed', 'ing'];

export function makeCorpus(seed: number): Corpus {
  const random = randomFrom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  /** Few at the beginning are frequent, many at the end are rare: frequency falls as one by the rank. */
  const byRank = <T>(all: readonly T[], fallback: T): T => all[Math.floor(all.length ** random()) - 1] ?? fallback;
  const syllables = Array.from({ length: SYLLABLES }, () => String.fromCharCode(0xac00 + below(11_172)));
  const korean = Array.from({ length: WORDS }, () =>
    Array.from({ length: 2 + below(3) }, () => syllables[Math.floor(random() ** 2 * SYLLABLES)]).join(''),
  );
  const english = Array.from({ length: WORDS }, () =>
    Array.from({ length: 1 + below(4) }, () => `${'bcdfghklmnprstvw'.charAt(below(16))}${'aeiou'.charAt(below(5))}`)
      .join('')
      .concat('nrstlkm'.charAt(below(7))),
  );
  const inflected = (vocabulary: readonly string[], endings: readonly string[]): string =>
    byRank(vocabulary, '') + (endings[below(endings.length)] ?? '');
  return {
    passage() {
      const [vocabulary, endings] = random() < 0.5 ? [korean, PARTICLES] : [english, ENDINGS];
      const subject = Array.from({ length: 3 }, () => vocabulary[below(WORDS)] ?? '');
      const word = (): string => (random() < 0.06 ? (subject[below(3)] ?? '') : inflected(vocabulary, endings));
      const sentence = (): string => Array.from({ length: 12 }, word).join(' ');
      return Array.from({ length: 9 }, sentence).join('. ').slice(0, 470).trim();
    },
    question(passage) {
      const words = passage.split(/[ .]+/);
      const asked = Array.from({ length: 5 + below(5) }, () => words[below(words.length)]).join(' ');
      return /[가-힣]/.test(asked) ? `${asked} 무엇인가요?` : `what is the ${asked}?`;
    },
  };
}
