/** Owns the reading of Markdown: blocks at blank lines, code fences whole, headings carried along. */
import type { Block, ReadDocument } from '../document.ts';

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.{1,300}?)[ \t]*#*$/;
/** No heading is longer; on a longer line the expression would take for ever. */
const MAX_HEADING_LINE = 400;
const UNDERLINE = /^ {0,3}(=+|-{2,})[ \t]*$/;

export function readMarkdown(text: string): ReadDocument {
  const reader = new MarkdownReader();
  const lines = text.split(/\r\n?|\n/);
  const { title, from } = frontMatter(lines);
  lines.slice(from).forEach((line, index) => reader.read(line, from + index + 1));
  reader.endBlock();
  return { title: title ?? reader.firstHeading ?? '', kind: 'markdown', blocks: reader.blocks };
}

class MarkdownReader {
  readonly blocks: Block[] = [];
  firstHeading: string | undefined;
  readonly #headings: { readonly level: number; readonly text: string }[] = [];
  #open: string[] = [];
  #openedAt = 1;
  #fence: string | undefined;
  #group = 0;

  read(line: string, number: number): void {
    const mark = FENCE.exec(line)?.[1];
    if (this.#fence !== undefined) {
      this.#open.push(line);
      if (mark !== undefined && mark.startsWith(this.#fence)) this.endBlock();
      return;
    }
    if (mark !== undefined) {
      this.endBlock();
      this.#start(line, number);
      this.#fence = mark;
      return;
    }
    const heading = line.length > MAX_HEADING_LINE ? null : HEADING.exec(line);
    const underline = UNDERLINE.exec(line);
    if (heading !== null) this.#enter(heading[1]?.length ?? 1, heading[2] ?? '');
    else if (underline !== null && this.#open.length === 1) {
      const [text = ''] = this.#open;
      this.#open = [];
      this.#enter(underline[1]?.startsWith('=') === true ? 1 : 2, text.trim());
    } else if (line.trim() === '') this.endBlock();
    else this.#start(line, number);
  }

  endBlock(): void {
    const text = this.#open.join('\n').trim();
    const shape = this.#fence === undefined && !isTable(this.#open) ? 'prose' : 'lines';
    this.#open = [];
    this.#fence = undefined;
    const last = this.#headings.at(-1);
    const place = last === undefined ? `line ${this.#openedAt}` : `${'#'.repeat(last.level)} ${last.text}`;
    const heading = this.#headings.map((each) => each.text).join(' > ');
    if (text !== '') this.blocks.push({ text, heading, place, shape, group: `${this.#group}` });
  }

  #start(line: string, number: number): void {
    if (this.#open.length === 0) this.#openedAt = number;
    this.#open.push(line);
  }

  #enter(level: number, text: string): void {
    this.endBlock();
    this.#group += 1;
    this.firstHeading ??= text;
    while ((this.#headings.at(-1)?.level ?? 0) >= level) this.#headings.pop();
    this.#headings.push({ level, text });
  }
}

const isTable = (lines: readonly string[]): boolean =>
  lines.length > 1 && lines.every((line) => line.trimStart().startsWith('|'));

/** The title that YAML at the head of the text gives, and the line after it. */
function frontMatter(lines: readonly string[]): { title: string | undefined; from: number } {
  if (lines[0]?.trim() !== '---') return { title: undefined, from: 0 };
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '---');
  if (end === -1 || end > 100) return { title: undefined, from: 0 };
  const line = lines.slice(1, end).find((each) => /^title\s*:/i.test(each));
  const title = line
    ?.slice(line.indexOf(':') + 1)
    .trim()
    .replaceAll(/^["']|["']$/g, '');
  return { title: title === '' ? undefined : title, from: end + 1 };
}
