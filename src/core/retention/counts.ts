/** Owns the counts of what went, or would go, by kind. */
import type { Gone } from '../store/retention-rules.ts';

export interface Counts {
  add(kind: string, gone: Gone): void;
  /** Kinds of which something went, in the order in which they came. */
  all(): readonly (Gone & { readonly kind: string })[];
}

export function createCounts(): Counts {
  const counts = new Map<string, Gone>();
  return {
    add(kind, { rows, bytes }) {
      if (rows === 0) return;
      const before = counts.get(kind) ?? { rows: 0, bytes: 0 };
      counts.set(kind, { rows: before.rows + rows, bytes: before.bytes + bytes });
    },
    all: () => [...counts].map(([kind, gone]) => ({ kind, ...gone })),
  };
}
