/** Owns how Markdown looks in a terminal: CommonMark and GFM tokens become styled lines of at most the given width. Plain text comes out as it went in. */
import { marked, type MarkedToken, type Token, type Tokens } from 'marked';
import { isNestedTooDeep } from '../core/kernel/markdown-depth.ts';
import { highlightCode } from './highlight-code.ts';
import { renderTable } from './markdown-table.ts';
import { cut, span, wrap, type Line, type Span, type Style } from './styled-text.ts';

/** The tokens of `source`; text that is nested without sense is one paragraph of itself. */
export function lexMarkdown(source: string): Token[] {
  return isNestedTooDeep(source)
    ? [{ type: 'html', raw: source, text: source, pre: false, block: true }]
    : marked.lexer(source);
}

/** `source` as lines of at most `width` columns, blocks apart by one blank line. `continuesAt`: its first block goes on with one drawn before, a list with this number. */
export function renderMarkdown(source: string, width: number, continuesAt?: number): Line[] {
  return renderBlocks(lexMarkdown(source), Math.max(1, width), continuesAt);
}

function renderBlocks(tokens: readonly Token[], width: number, continuesAt?: number): Line[] {
  const lines: Line[] = [];
  let isFirst = true;
  for (const token of tokens) {
    const block = renderBlock(token as MarkedToken, width, isFirst ? continuesAt : undefined);
    if (token.type === 'space' || (block.length === 0 && !isFirst)) continue;
    // A block that goes on may have nothing left to draw; what follows is apart from it all the same.
    if (lines.length > 0 || (continuesAt !== undefined && !isFirst)) lines.push([]);
    lines.push(...block);
    isFirst = false;
  }
  return lines;
}

function renderBlock(token: MarkedToken, width: number, continuesAt?: number): Line[] {
  switch (token.type) {
    case 'heading':
      return wrap(styled(inline(token.tokens), token.depth <= 2 ? 'heading' : 'bold'), width);
    case 'paragraph':
      return wrapLines(inline(token.tokens), width);
    case 'code':
      return renderCode(token, width, continuesAt !== undefined);
    case 'blockquote':
      return renderBlocks(token.tokens, width - 2).map((line) => [span('▎ ', 'dim'), ...line]);
    case 'list':
      return renderList(token, width, continuesAt);
    case 'table':
      return renderTable(token, width, inline);
    case 'hr':
      return [[span('─'.repeat(Math.min(width, 40)), 'dim')]];
    case 'text':
      return wrapLines(token.tokens === undefined ? [span(decode(token.text))] : inline(token.tokens), width);
    case 'html':
      return wrapLines([span(token.text.trimEnd())], width);
    case 'space':
    case 'def':
      return [];
    default:
      return wrapLines([span(token.raw)], width);
  }
}

function renderCode(token: Tokens.Code, width: number, continues: boolean): Line[] {
  const language = /^\S*/.exec(token.lang ?? '')?.[0] ?? '';
  const indent = width > 24 ? 2 : 0;
  const lines = highlightCode(codeLines(token), language).flatMap((line) =>
    cut(line, width - indent).map((part) => [span(' '.repeat(indent)), ...part]),
  );
  return language === '' || continues ? lines : [[span(`${' '.repeat(indent)}${language}`, 'dim')], ...lines];
}

/** The lines inside, read from the source: the parser counts blank lines before the closing fence in two ways. */
function codeLines({ raw, text }: Tokens.Code): string[] {
  const [opening, indent = '', fence = ''] = /^( {0,3})(`{3,}|~{3,})[^\n]*(?:\n|$)/.exec(raw) ?? [];
  if (opening === undefined) return text.split('\n');
  const lines = raw.slice(opening.length).trimEnd().split('\n');
  const isClosed = new RegExp(`^ {0,3}${fence.charAt(0)}{${fence.length},}$`).test(lines.at(-1) ?? '');
  const inside = isClosed ? lines.slice(0, -1) : raw.slice(opening.length).replace(/\n$/, '').split('\n');
  if (!isClosed && raw.length === opening.length) return [];
  return inside.map((line) => line.replace(new RegExp(`^ {0,${indent.length}}`), ''));
}

function renderList(list: Tokens.List, width: number, continuesAt?: number): Line[] {
  let number = continuesAt ?? (list.start === '' ? 1 : list.start);
  return list.items.flatMap((item) => {
    const mark = list.ordered ? `${number++}. ` : '• ';
    const box: Span[] = item.task
      ? [span(item.checked === true ? '[x] ' : '[ ] ', item.checked === true ? 'ok' : 'dim')]
      : [];
    return renderItem(item, width, [span(mark, 'accent'), ...box], mark.length);
  });
}

function renderItem(item: Tokens.ListItem, width: number, first: Line, indent: number): Line[] {
  const blocks = item.tokens.filter(({ type }) => type !== 'space' && type !== 'checkbox');
  const inner = width - indent > 4 ? width - indent : width;
  const pad = span(' '.repeat(inner === width ? 0 : indent));
  const lines = blocks.flatMap((block, index) => {
    const body = index === 0 && item.task ? width - indent - 4 : inner;
    const drawn = renderBlock(block as MarkedToken, Math.max(1, body));
    // A paragraph after another block of the same item needs air; a nested list belongs to its line.
    return index > 0 && block.type !== 'list' ? [[], ...drawn] : drawn;
  });
  const [head = [], ...rest] = lines;
  return [[...first, ...head], ...rest.map((line) => (line.length === 0 ? line : [pad, ...line]))];
}

/** Inline tokens as spans; a line end inside is kept as "\n". */
function inline(tokens: readonly Token[]): Span[] {
  return tokens.flatMap((token) => inlineToken(token as MarkedToken));
}

function inlineToken(token: MarkedToken): Span[] {
  switch (token.type) {
    case 'strong':
      return styled(inline(token.tokens), 'bold');
    case 'em':
      return styled(inline(token.tokens), 'italic');
    case 'del':
      return styled(inline(token.tokens), 'strike');
    case 'codespan':
      return [span(token.text, 'code')];
    case 'br':
      return [span('\n')];
    case 'link': {
      const text = styled(inline(token.tokens), 'link');
      const isBare = token.autolink === true || token.text === token.href || `mailto:${token.text}` === token.href;
      return isBare ? text : [...text, span(` (${token.href})`, 'dim')];
    }
    case 'image':
      return [span(token.text === '' ? 'image' : token.text, 'italic'), span(` (${token.href})`, 'dim')];
    case 'text':
      return token.tokens === undefined ? [span(decode(token.text))] : inline(token.tokens);
    case 'escape':
      return [span(token.text)];
    default:
      return [span(token.raw)];
  }
}

function styled(spans: readonly Span[], style: Style): Span[] {
  return spans.map(({ text, styles }) => ({ text, styles: [style, ...styles] }));
}

/** Wraps spans that may hold line ends. */
function wrapLines(spans: readonly Span[], width: number): Line[] {
  const lines: Span[][] = [[]];
  for (const { text, styles } of spans) {
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ text: part, styles });
    }
  }
  return lines.flatMap((line) => wrap(line, width));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}
