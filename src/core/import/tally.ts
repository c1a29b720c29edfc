/** Owns the counting of a run and the report made of it: what was found, what became of it, and why something was left out. Never holds a value of a secret. */
import { IMPORT_KINDS, type ImportKind } from './imported.ts';

export interface KindCount {
  readonly kind: ImportKind;
  readonly found: number;
  readonly new: number;
  readonly already: number;
  readonly skipped: number;
}

/** Things of one kind of which the same is told. */
export interface Told {
  /** Null: of no single thing. */
  readonly kind: ImportKind | null;
  readonly text: string;
  readonly count: number;
  /** Names of the first of them, at most 20. */
  readonly examples: readonly string[];
}

export interface ImportResult {
  readonly kinds: readonly KindCount[];
  readonly skipped: readonly Told[];
  readonly remarks: readonly Told[];
}

export interface Tally {
  count(kind: ImportKind, state: 'new' | 'already' | 'skipped'): void;
  /** Why something is left out. */
  skip(kind: ImportKind, reason: string, sourceId: string): void;
  remark(kind: ImportKind | null, text: string, example?: string): void;
  /** Items looked at so far. */
  total(): number;
  result(): ImportResult;
}

const MAX_EXAMPLES = 20;
/** Different sentences that are kept; what is beyond is counted under the last. */
const MAX_SENTENCES = 200;
const REST = 'other reasons';

export function createTally(): Tally {
  const counts = new Map(IMPORT_KINDS.map((kind) => [kind, { new: 0, already: 0, skipped: 0 }]));
  const skipped = createSentences();
  const remarks = createSentences();
  let total = 0;
  const count: Tally['count'] = (kind, state) => {
    total += 1;
    const row = counts.get(kind);
    if (row !== undefined) row[state] += 1;
  };
  return {
    count,
    skip(kind, reason, sourceId) {
      count(kind, 'skipped');
      skipped.add(kind, reason, sourceId);
    },
    remark: (kind, text, example) => remarks.add(kind, text, example),
    total: () => total,
    result: () => ({
      kinds: [...counts]
        .map(([kind, row]) => ({ kind, found: row.new + row.already + row.skipped, ...row }))
        .filter(({ found }) => found > 0),
      skipped: skipped.list(),
      remarks: remarks.list(),
    }),
  };
}

function createSentences() {
  const told = new Map<string, { kind: ImportKind | null; text: string; count: number; examples: string[] }>();
  return {
    add(kind: ImportKind | null, sentence: string, example?: string): void {
      const isKnown = told.has(`${kind}\n${sentence}`);
      const text = isKnown || told.size < MAX_SENTENCES ? sentence : REST;
      const row = told.get(`${kind}\n${text}`) ?? { kind, text, count: 0, examples: [] };
      row.count += 1;
      if (example !== undefined && row.examples.length < MAX_EXAMPLES) row.examples.push(shown(example));
      told.set(`${kind}\n${text}`, row);
    },
    list: (): Told[] => [...told.values()],
  };
}

/** A name on one line, without what would move the cursor. */
function shown(example: string): string {
  return example
    .toWellFormed()
    .replaceAll(/\p{C}+/gu, '?')
    .slice(0, 100);
}
