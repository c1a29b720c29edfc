/** Owns what changed between two texts, line by line. Promises: bounded work; what is too long to compare is told as replaced as a whole. Pure. */

export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Number of the line in the text before and after, from 1; absent where it is not. */
  readonly before?: number;
  readonly after?: number;
}

/** Lines of either side that are compared with each other; beyond it they count as replaced. */
const MOST_LINES = 1500;

/** All lines of both texts, in order; a removed line comes before what took its place. */
export function lineDifference(before: string, after: string): DifferenceLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const gone = a.slice(head, a.length - tail);
  const come = b.slice(head, b.length - tail);
  const kinds = align(gone, come);
  const all = [...a.slice(0, head).map(() => 'same' as const), ...kinds];
  return numbered([...all, ...a.slice(a.length - tail).map(() => 'same' as const)], a, b);
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replaceAll('\r\n', '\n').split('\n'));

type Kind = DifferenceLine['kind'];

function numbered(kinds: readonly Kind[], a: readonly string[], b: readonly string[]): DifferenceLine[] {
  let [before, after] = [0, 0];
  return kinds.map((kind) => {
    if (kind === 'removed') {
      before += 1;
      return { kind, text: a[before - 1] ?? '', before };
    }
    after += 1;
    if (kind === 'added') return { kind, text: b[after - 1] ?? '', after };
    before += 1;
    return { kind, text: b[after - 1] ?? '', before, after };
  });
}

/** The longest common subsequence keeps its lines; the rest goes or comes. */
function align(gone: readonly string[], come: readonly string[]): Kind[] {
  const replaced: Kind[] = [...gone.map(() => 'removed' as const), ...come.map(() => 'added' as const)];
  if (gone.length > MOST_LINES || come.length > MOST_LINES || gone.length * come.length === 0) return replaced;
  const width = come.length + 1;
  const lengths = new Uint16Array((gone.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const kinds: Kind[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length || j < come.length) {
    if (i < gone.length && j < come.length && gone[i] === come[j]) {
      kinds.push('same');
      i += 1;
      j += 1;
    } else if (i < gone.length && (j === come.length || at(i + 1, j) >= at(i, j + 1))) {
      kinds.push('removed');
      i += 1;
    } else {
      kinds.push('added');
      j += 1;
    }
  }
  return kinds;
}

/** Changed lines with a few around them, or a stretch that is the same and is not shown. */
export type DifferencePart =
  | { readonly kind: 'lines'; readonly lines: readonly DifferenceLine[] }
  | { readonly kind: 'hidden'; readonly lines: readonly DifferenceLine[] };

const AROUND = 3;

/** Stretches without a change are folded away, but for `AROUND` lines beside a change. */
export function foldSame(lines: readonly DifferenceLine[]): DifferencePart[] {
  const isNear = nearChange(lines);
  const parts: { kind: DifferencePart['kind']; lines: DifferenceLine[] }[] = [];
  lines.forEach((line, at) => {
    const kind = isNear[at] === true ? 'lines' : 'hidden';
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  });
  // One line is no stretch: its place would take as much.
  return parts.map((part) => (part.lines.length === 1 ? { ...part, kind: 'lines' } : part));
}

function nearChange(lines: readonly DifferenceLine[]): boolean[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ kind }, at) => {
    if (kind !== 'same') isNear.fill(true, Math.max(0, at - AROUND), at + AROUND + 1);
  });
  return isNear;
}
