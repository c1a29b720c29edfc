/** Owns how a long text becomes messages that fit a platform's limit: cut at a paragraph, else a line, else a word; a code fence that is cut is closed and opened again; nothing that is one character to a reader is torn. */

interface Fence {
  /** The characters that close it. */
  readonly marker: string;
  /** The line that opens it again. */
  readonly opening: string;
}

const FENCE_LINE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;
/** A fence line longer than this is opened again without its info string. */
const MAX_OPENING = 40;

/** Splits Markdown into parts of at most `maxChars` UTF-16 units (at least 100), in order. A text without visible characters gives no part. */
export function splitText(markdown: string, maxChars: number): string[] {
  const limit = Math.max(100, maxChars);
  const parts: string[] = [];
  let rest = markdown.replaceAll('\r\n', '\n').trimEnd();
  let open: Fence | undefined;
  while (rest.trim() !== '') {
    const head = open === undefined ? '' : `${open.opening}\n`;
    if (head.length + rest.length <= limit) {
      const last = head + rest;
      // The model may have left its last fence open; another message must not begin inside it.
      const left = fenceAfter(rest, open);
      parts.push(left === undefined || last.length + left.marker.length >= limit ? last : `${last}\n${left.marker}`);
      break;
    }
    const room = limit - head.length;
    const cut = cutAt(rest, room, open);
    const piece = rest.slice(0, cut);
    const after = fenceAfter(piece, open);
    const body = after === undefined ? piece.trimEnd() : piece.replace(/\n$/, '');
    parts.push(head + body + (after === undefined ? '' : `\n${after.marker}`));
    rest = after === undefined ? rest.slice(cut).replace(/^(?: |\n+)/, '') : rest.slice(cut).replace(/^\n/, '');
    open = after;
  }
  return parts.filter((part) => part.trim() !== '');
}

/** Where to cut `text` so that the piece, and the closing of a fence it leaves open, fit into `room`. */
function cutAt(text: string, room: number, open: Fence | undefined): number {
  let most = room;
  for (;;) {
    const at = bestCut(text, most, open !== undefined);
    const left = fenceAfter(text.slice(0, at), open);
    const closing = left === undefined ? 0 : left.marker.length + 1;
    if (at + closing <= room || most <= 1) return at;
    most = Math.min(most - 1, room - closing);
  }
}

function bestCut(text: string, most: number, isCode: boolean): number {
  const window = text.slice(0, most + 1);
  // A cut in the first third would make parts of a few words.
  const least = Math.floor(most / 3);
  for (const mark of isCode ? ['\n'] : ['\n\n', '\n']) {
    const at = window.lastIndexOf(mark, most);
    if (at > least) return at;
  }
  let word = window.search(/\s\S*$/);
  while (word > least && startsFence(text.slice(word).trimStart())) word = text.slice(0, word).search(/\s\S*$/);
  if (!isCode && word > least) return word;
  return beforeMarks(text, characterEnd(text, most), least);
}

/** The cut, or one before the run of fence marks it would tear or move to the start of a line, where they would open a fence. */
function beforeMarks(text: string, at: number, least: number): number {
  if (!isMark(text[at])) return at;
  let start = at;
  while (start > least && isMark(text[start - 1])) start -= 1;
  return start - 1 > least ? characterEnd(text, start - 1) : at;
}

function isMark(unit: string | undefined): boolean {
  return unit === '`' || unit === '~';
}

function startsFence(text: string): boolean {
  return text.startsWith('```') || text.startsWith('~~~');
}

/** The last end of a whole character (grapheme cluster) at or before `most`, or of a code point when one cluster fills all of it. */
function characterEnd(text: string, most: number): number {
  const from = Math.max(0, most - 200);
  const start = isLowSurrogate(text, from) ? from - 1 : from;
  let end = start;
  for (const { index, segment } of new Intl.Segmenter().segment(text.slice(start, most + 200))) {
    const next = start + index + segment.length;
    if (next > most) break;
    end = next;
  }
  if (end > start) return end;
  return isLowSurrogate(text, most) ? most - 1 : most;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The fence that is open at the end of `text`. */
function fenceAfter(text: string, before: Fence | undefined): Fence | undefined {
  let open = before;
  for (const line of text.split('\n')) {
    const [, marker = '', info = ''] = FENCE_LINE.exec(line) ?? [];
    if (marker === '') continue;
    if (open === undefined) {
      if (marker.startsWith('`') && info.includes('`')) continue;
      open = { marker, opening: line.length > MAX_OPENING ? marker : line.trim() };
    } else if (marker.startsWith(open.marker) && info.trim() === '') {
      open = undefined;
    }
  }
  return open;
}
