/** Owns the cutting of a document into chunks: a paragraph is one, a long one several that overlap, rows and lines are packed. Neighbours that belong together form a section. */
import type { Block, Chunk } from './document.ts';

/** Characters of a chunk at most; an overlap comes on top. */
const MAX_CHUNK = 500;
/** Characters at the end of a part that the next one repeats, at most. */
const MAX_OVERLAP = 100;
/** Characters of a section at most. */
const MAX_SECTION = 3_000;

const SENTENCE_END = /(?<=[.!?。！？…]["'”’)\]]?)\s+|\n+/;

export function chunkDocument(blocks: readonly Block[]): Chunk[] {
  const chunks: Chunk[] = [];
  let section = -1;
  let group: string | undefined;
  let size = 0;
  for (const piece of pieces(blocks)) {
    if (piece.group !== group || size + piece.text.length > MAX_SECTION) {
      section += 1;
      size = 0;
    }
    ({ group } = piece);
    size += piece.text.length;
    chunks.push({ text: piece.text, heading: piece.heading, place: piece.place, section });
  }
  return chunks;
}

function* pieces(blocks: readonly Block[]): Generator<Block> {
  let first: Block | undefined;
  let text = '';
  for (const block of blocks) {
    if (first !== undefined && canJoin(first, text, block)) {
      text += `\n${block.text}`;
      continue;
    }
    if (first !== undefined) yield* parts({ ...first, text });
    first = block;
    ({ text } = block);
  }
  if (first !== undefined) yield* parts({ ...first, text });
}

function canJoin(first: Block, text: string, next: Block): boolean {
  const isSame =
    first.shape === 'lines' && next.shape === 'lines' && first.group === next.group && first.heading === next.heading;
  return isSame && text.length + next.text.length < MAX_CHUNK;
}

function* parts(block: Block): Generator<Block> {
  const text = block.text.trim();
  if (text === '') return;
  if (text.length <= MAX_CHUNK) {
    yield { ...block, text };
    return;
  }
  const isProse = block.shape === 'prose';
  const units = text.split(isProse ? SENTENCE_END : '\n').flatMap(shortUnits);
  const joint = isProse ? ' ' : '\n';
  let part = '';
  let isNew = false;
  for (const unit of units) {
    if (isNew && part.length + joint.length + unit.length > MAX_CHUNK) {
      yield { ...block, text: part };
      part = isProse ? overlapOf(part) : '';
      isNew = false;
    }
    part = part === '' ? unit : part + joint + unit;
    isNew = true;
  }
  if (isNew) yield { ...block, text: part };
}

/** A sentence or line that is itself too long, cut at spaces where there are some. */
function shortUnits(unit: string): string[] {
  const cut: string[] = [];
  let rest = unit;
  while (rest.length > MAX_CHUNK) {
    const space = rest.lastIndexOf(' ', MAX_CHUNK);
    let at = space > MAX_CHUNK / 2 ? space : MAX_CHUNK;
    if (isHighSurrogate(rest.charCodeAt(at - 1))) at -= 1;
    cut.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  if (rest !== '') cut.push(rest);
  return cut;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** The last sentence of a part, or its last words. */
function overlapOf(part: string): string {
  const last = part.split(SENTENCE_END).at(-1) ?? '';
  if (last.length <= MAX_OVERLAP) return last;
  const space = part.indexOf(' ', part.length - MAX_OVERLAP);
  return space === -1 ? '' : part.slice(space + 1);
}
