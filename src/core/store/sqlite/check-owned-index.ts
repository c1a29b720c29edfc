/** Owns the proof that an index of memories or messages holds what their texts say. */
import type { OwnedIndex } from './owned-index.ts';

export interface OwnedIndexCheck {
  readonly ok: boolean;
  /** Rows in the index. */
  readonly indexed: number;
  /** Rows that wait to be indexed; the next search does it. */
  readonly waiting: number;
  /** What is wrong, in words. */
  readonly problems: readonly string[];
}

/** A text that has to be found. */
export interface Probe {
  readonly owner: string;
  readonly id: number;
  readonly text: string;
}

interface Facts {
  readonly waiting: number;
  /** Rows that the index may hold at most, and at least. */
  readonly most: number;
  readonly least: number;
  readonly probes: readonly Probe[];
}

/** SQLite's own check, the counts, and the last word of some texts looked up again. */
export async function checkOwnedIndex(index: OwnedIndex, facts: Facts): Promise<OwnedIndexCheck> {
  const problems: string[] = [];
  try {
    await index.check();
  } catch (error) {
    problems.push(`the index is damaged: ${String(error)}`);
  }
  const indexed = await index.rowCount();
  const { least, most, waiting, probes } = facts;
  if (indexed < least) problems.push(`${least - indexed} texts are not in the index`);
  if (indexed > most) problems.push(`${indexed - most} rows of the index belong to no text`);
  let lost = 0;
  for (const { owner, id, text } of problems.length > 0 ? [] : probes)
    if (!(await index.finds(owner, id, text))) lost += 1;
  if (lost > 0) problems.push(`${lost} of ${probes.length} texts were not found by their own words`);
  return { ok: problems.length === 0, indexed, waiting, problems };
}
