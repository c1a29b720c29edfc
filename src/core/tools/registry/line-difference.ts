/** Owns a small difference of two texts by lines: what went (-), what came (+), with two lines around. */

const AROUND = 2;
/** Lines of either side beyond which only the sizes are told. */
const MOST_LINES = 2_000;

/** Lines of the difference; empty for equal texts. */
export function lineDifference(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const [gone, come] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (gone.length + come.length === 0) return [];
  if (gone.length > MOST_LINES || come.length > MOST_LINES)
    return [`  ${gone.length} lines were replaced by ${come.length}`];
  const changed = align(gone, come);
  const lead = a.slice(Math.max(0, head - AROUND), head).map((line) => `  ${line}`);
  const trail = a.slice(a.length - tail, a.length - tail + AROUND).map((line) => `  ${line}`);
  return [...lead, ...changed, ...trail];
}

/** The longest common subsequence keeps its lines; the rest goes or comes. */
function align(gone: readonly string[], come: readonly string[]): string[] {
  const width = come.length + 1;
  const lengths = new Uint16Array((gone.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    if (i < gone.length && j < come.length && gone[i] === come[j]) {
      lines.push(`  ${gone[i]}`);
      i += 1;
      j += 1;
    } else if (i < gone.length && (j === come.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${gone[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${come[j]}`);
      j += 1;
    }
  }
  return lines;
}
