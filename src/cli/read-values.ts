/** Owns values that come as arguments or, for `-`, as lines on stdin. */
import { text } from 'node:stream/consumers';

/** `words` with each `-` replaced by the lines of stdin; empty lines are left out, all else is kept as it is. */
export async function readValues(words: readonly string[]): Promise<string[]> {
  const lines = words.includes('-')
    ? (await text(process.stdin)).split('\n').map((line) => line.replace(/\r$/, ''))
    : [];
  return words.flatMap((word) => (word === '-' ? lines.filter((line) => line !== '') : [word]));
}
