/** Owns the search for many fixed texts at once in one pass (Aho and Corasick, 1975). Immutable once built; the caller holds the state, so a text may come in chunks. */

export interface NeedleAutomaton {
  /** The state after `code`, a UTF-16 unit, in `state`. The first state is 0. */
  next(state: number, code: number): number;
  /** Units at the end of the text read so far that begin some needle. */
  depth(state: number): number;
  /** Units of the longest needle that ends here; 0 when none does. */
  matched(state: number): number;
}

const NONE = -1;

/** Builds the automaton of `needles`, none of them empty. */
export function buildNeedleAutomaton(needles: readonly string[]): NeedleAutomaton {
  const classes = classesOf(needles);
  const width = classes.size + 1;
  const size = needles.reduce((sum, needle) => sum + needle.length, 1);
  const edges = new Map<number, number>();
  const depth = new Uint32Array(size);
  const matched = new Uint32Array(size);
  const fallback = new Int32Array(size);
  const edge = (state: number, kind: number): number => edges.get(state * width + kind) ?? NONE;

  let states = 1;
  for (const needle of needles) {
    let state = 0;
    for (let at = 0; at < needle.length; at += 1) {
      const key = state * width + (classes.get(needle.charCodeAt(at)) ?? 0);
      const known = edges.get(key);
      const child = known ?? states;
      if (known === undefined) {
        edges.set(key, child);
        depth[child] = at + 1;
        states += 1;
      }
      state = child;
    }
    matched[state] = needle.length;
  }

  const step = (from: number, kind: number): number => {
    let state = from;
    while (state !== 0 && edge(state, kind) === NONE) state = fallback[state] ?? 0;
    return Math.max(edge(state, kind), 0);
  };
  const ascii = Uint16Array.from({ length: 128 }, (_, code) => classes.get(code) ?? 0);
  linkFallbacks({ edges, width, depth, matched, fallback }, step);
  return {
    next: (state, code) => {
      const kind = code < 128 ? (ascii[code] ?? 0) : (classes.get(code) ?? 0);
      return kind === 0 ? 0 : step(state, kind);
    },
    depth: (state) => depth[state] ?? 0,
    matched: (state) => matched[state] ?? 0,
  };
}

/** Numbers the units that occur in needles, from 1. */
function classesOf(needles: readonly string[]): ReadonlyMap<number, number> {
  const classes = new Map<number, number>();
  for (const needle of needles) {
    for (let at = 0; at < needle.length; at += 1) {
      const code = needle.charCodeAt(at);
      if (!classes.has(code)) classes.set(code, classes.size + 1);
    }
  }
  return classes;
}

interface Trie {
  readonly edges: ReadonlyMap<number, number>;
  readonly width: number;
  readonly depth: Uint32Array;
  readonly matched: Uint32Array;
  readonly fallback: Int32Array;
}

/** Gives each state the one to go on from when no edge fits: that of the longest proper suffix. Nearer states first. */
function linkFallbacks(trie: Trie, step: (from: number, kind: number) => number): void {
  const { edges, width, depth, matched, fallback } = trie;
  const byDepth = [...edges].toSorted(([, a], [, b]) => (depth[a] ?? 0) - (depth[b] ?? 0));
  for (const [key, child] of byDepth) {
    const parent = Math.floor(key / width);
    const suffix = parent === 0 ? 0 : step(fallback[parent] ?? 0, key % width);
    fallback[child] = suffix;
    if (matched[child] === 0) matched[child] = matched[suffix] ?? 0;
  }
}
