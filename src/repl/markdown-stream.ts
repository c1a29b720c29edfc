/** Owns which part of a growing Markdown text is final: finished blocks, list items and lines of code can be printed for good, the rest may still change its look. */
import type { MarkedToken, Tokens } from 'marked';
import { lexMarkdown } from './markdown.ts';

/** Markdown that will not change any more. */
export interface MarkdownPiece {
  readonly source: string;
  /** Set when it goes on with the list or code block before it; in a list, the number of its first item. */
  readonly continuesAt: number | undefined;
}

export interface MarkdownStream {
  /** What has come and is not final, valid Markdown by itself. */
  readonly rest: string;
  readonly continuesAt: number | undefined;
}

export const EMPTY_MARKDOWN: MarkdownStream = { rest: '', continuesAt: undefined };

const FENCE = /^( {0,3})(`{3,}|~{3,})[^\n]*\n/;

/** Adds `chunk` and takes out what became final. Joined, the pieces and the rest draw the same as the whole text. */
export function pushMarkdown(
  stream: MarkdownStream,
  chunk: string,
): { stream: MarkdownStream; pieces: MarkdownPiece[] } {
  const text = stream.rest + chunk;
  // Nothing becomes final inside a line.
  if (!chunk.includes('\n') && !stream.rest.endsWith('\n')) return { stream: { ...stream, rest: text }, pieces: [] };
  // A number or a dash alone may become the next item of the list before it, or a rule.
  if (/(?:^|\n) *(?:\d{1,9}[.)]?|[-*+_](?: ?[-*+_])*) ?$/.test(text))
    return { stream: { ...stream, rest: text }, pieces: [] };
  const pieces: MarkdownPiece[] = [];
  let rest = text;
  let { continuesAt } = stream;
  const settle = (source: string, next: string, nextContinuesAt: number | undefined): void => {
    rest = next;
    if (source.trim() === '') return;
    pieces.push({ source, continuesAt });
    continuesAt = nextContinuesAt;
  };
  const tokens = lexMarkdown(text);
  const lastAt = tokens.findLastIndex(({ type }) => type !== 'space');
  const before = tokens
    .slice(0, lastAt)
    .map(({ raw }) => raw)
    .join('');
  if (lastAt > 0 && text.startsWith(before)) settle(before, text.slice(before.length), undefined);
  const last = tokens[lastAt] as MarkedToken | undefined;
  if (last?.type === 'list') settleItems(last, rest, continuesAt ?? (last.start || 1), settle);
  else if (last?.type === 'code') settleCode(rest, settle);
  return { stream: { rest, continuesAt }, pieces };
}

/** What is left when the text has ended. */
export function endMarkdown(stream: MarkdownStream): MarkdownPiece[] {
  return stream.rest.trim() === '' ? [] : [{ source: stream.rest, continuesAt: stream.continuesAt }];
}

type Settle = (source: string, next: string, nextContinuesAt: number) => void;

function settleItems(list: Tokens.List, rest: string, first: number, settle: Settle): void {
  const done = list.items
    .slice(0, -1)
    .map(({ raw }) => raw)
    .join('');
  if (done !== '' && rest.startsWith(done)) settle(done, rest.slice(done.length), first + list.items.length - 1);
}

/** An open code block gives its finished lines away; what stays begins with the same fence again. */
function settleCode(rest: string, settle: Settle): void {
  const opening = FENCE.exec(rest);
  const [head, indent, fence] = opening ?? [];
  if (head === undefined || indent === undefined || fence === undefined) return;
  const closed = new RegExp(`\\n {0,3}${fence[0] === '`' ? '`' : '~'}{${fence.length},}[ \\t]*(?:\\n|$)`).test(
    rest.slice(head.length - 1),
  );
  const end = rest.lastIndexOf('\n') + 1;
  if (closed || end <= head.length) return;
  settle(`${rest.slice(0, end)}${indent}${fence}`, head + rest.slice(end), 1);
}
