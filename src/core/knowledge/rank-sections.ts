/** Owns the order of what the index found: sections by their text, and of each its best chunk. Pure. */
import type { FoundChunk } from '../store/knowledge-table.ts';
import { SectionScan, type WeightedQuery } from './scan-section.ts';

export interface RankedSection {
  /** Best chunk of the section. */
  readonly chunk: FoundChunk;
  /** 0 to 1: the share of what a text that is all about the question would get. */
  readonly score: number;
}

/** The sections in order, best first. */
export function rankSections(query: WeightedQuery, sections: readonly (readonly FoundChunk[])[]): RankedSection[] {
  const scan = new SectionScan(query);
  const ranked = sections.map((chunks) => rankSection(scan, chunks)).filter((each) => each !== undefined);
  return ranked.toSorted((a, b) => b.score - a.score || a.chunk.seq - b.chunk.seq);
}

function rankSection(scan: SectionScan, chunks: readonly FoundChunk[]): RankedSection | undefined {
  const [first] = chunks;
  if (first === undefined) return undefined;
  scan.begin(`${first.title}\n${first.heading}`);
  let best = first;
  let bestNear = -1;
  let length = 0;
  for (const chunk of chunks) {
    const near = scan.readText(chunk.text);
    length += chunk.text.length;
    if (near <= bestNear) continue;
    bestNear = near;
    best = chunk;
  }
  return { chunk: best, score: scan.score(length) };
}
