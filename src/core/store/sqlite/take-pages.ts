/** Owns how hits of an index become rows: page by page, until enough of them may be seen. */
import type { IndexHit } from './owned-index.ts';

const PAGE = 50;

interface PageRow<T> {
  readonly row: T;
  readonly id: number;
  /** Characters of its text. */
  readonly length: number;
}

/** Rows of the best hits, at least `wanted` where there are; a text of `longAt` characters counts half as much as a short one, because it says more than what was asked for. `read` gets ids as a JSON array and leaves out what may not be seen. */
export async function takePages<T>(
  hits: readonly IndexHit[],
  { wanted, longAt }: { readonly wanted: number; readonly longAt: number },
  read: (ids: string) => Promise<readonly PageRow<T>[]>,
): Promise<{ row: T; score: number }[]> {
  const taken: { row: T; score: number }[] = [];
  for (let at = 0; at < hits.length && taken.length < wanted; at += PAGE) {
    const page = hits.slice(at, at + PAGE);
    const scores = new Map(page.map(({ id, score }) => [id, score]));
    for (const { row, id, length } of await read(JSON.stringify([...scores.keys()])))
      taken.push({ row, score: ((scores.get(id) ?? 0) * longAt) / (longAt + length) });
  }
  return taken;
}
