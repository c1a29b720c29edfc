/** Owns the question whether a name poses as another: a slip of the finger, letters that look like others, words turned round. Pure. */

/** Letters and pairs that are read for another. */
const READ_AS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[0o]/g, 'o'],
  [/[1il|]/g, 'l'],
  [/3/g, 'e'],
  [/4/g, 'a'],
  [/[5s]/g, 's'],
  [/7/g, 't'],
  [/8/g, 'b'],
  [/9/g, 'g'],
  [/2/g, 'z'],
];
/** Words that are put before or after a name to make another of it. Any other word makes a name of its own: `weather_alerts` is not `weather`. */
const FILLERS: ReadonlySet<string> = new Set([
  'tool',
  'tools',
  'official',
  'claw',
  'new',
  'pro',
  'plus',
  'the',
  'my',
  'v1',
  'v2',
  'v3',
  'max',
  'lite',
  'free',
  'ultra',
  'premium',
  'original',
  'real',
  'safe',
  'secure',
  'fixed',
  'latest',
  'next',
  'beta',
  'better',
  'best',
  'plugin',
  'addon',
]);
/** Shorter names are alike too often. */
const MIN_LENGTH = 4;
const LONG_LENGTH = 9;

/** The first of `known` that `name` could be taken for; undefined when there is none. The same name is not alike. */
export function lookAlike(name: string, known: Iterable<string>): string | undefined {
  for (const each of known) if (each !== name && isAlike(name, each)) return each;
  return undefined;
}

function isAlike(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < MIN_LENGTH) return false;
  const words = bareWords(a);
  if (shape(a) === shape(b) || (words !== '' && words === bareWords(b))) return true;
  const allowed = Math.min(a.length, b.length) >= LONG_LENGTH ? 2 : 1;
  return Math.abs(a.length - b.length) <= allowed && distance(a, b) <= allowed;
}

/** How it looks at a glance: no separators, one letter for all that look alike, no plural. */
function shape(name: string): string {
  const read = READ_AS.reduce(
    (text, [letters, as]) => text.replaceAll(letters, as),
    name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''),
  );
  return read.replace(/s$/, '');
}

/** Its words in one order, without fillers. */
function bareWords(name: string): string {
  const words = name.split('_').filter((word) => word !== '' && !FILLERS.has(word));
  return words.toSorted().join('_');
}

/** Edits from `a` to `b`: insert, delete, replace, and swap of neighbours (Damerau, optimal string alignment). */
function distance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
