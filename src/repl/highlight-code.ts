/** Owns the colours of code: comments, strings, numbers and keywords by family of language. A hint for the eye, not a parser; never changes a character. */
import { span, type Line, type Span, type Style } from './styled-text.ts';

interface Language {
  readonly keywords: ReadonlySet<string>;
  /** What begins a comment that ends with its line. */
  readonly lineComment: string | undefined;
  readonly blockComment: readonly [string, string] | undefined;
  readonly quotes: string;
  /** Strings of this quote go over lines. */
  readonly multiLineQuotes: readonly string[];
  readonly ignoreCase?: boolean;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const C_LIKE: Language = {
  keywords: words(
    'abstract as async await auto bool boolean break byte case catch char class const continue crate debugger def default defer delete do double dyn else enum export extends extern false final finally float fn for from func function get go if impl implements import in instanceof int interface internal is let long loop map match mod module move mut namespace new nil null of override package private protected pub public readonly ref return select self set short sizeof static string struct super switch template this throw throws trait true try type typedef typeof undefined union unsafe use using val var virtual void where while with yield',
  ),
  lineComment: '//',
  blockComment: ['/*', '*/'],
  quotes: '"\'`',
  multiLineQuotes: ['`'],
};
const PYTHON: Language = {
  keywords: words(
    'and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield',
  ),
  lineComment: '#',
  blockComment: undefined,
  quotes: '"\'',
  multiLineQuotes: ['"""', "'''"],
};
const SHELL: Language = {
  keywords: words(
    'case cd do done echo elif else esac exec exit export fi for function if in local return set source sudo then unset until while',
  ),
  lineComment: '#',
  blockComment: undefined,
  quotes: '"\'',
  multiLineQuotes: ['"', "'"],
};
const RUBY: Language = {
  keywords: words(
    'begin break case class def do else elsif end ensure false for if in module next nil not or and redo rescue retry return self super then true undef unless until when while yield require',
  ),
  lineComment: '#',
  blockComment: undefined,
  quotes: '"\'',
  multiLineQuotes: [],
};
const SQL: Language = {
  keywords: words(
    'add all alter and as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer primary references right rollback select set table then union unique update values view when where with',
  ),
  lineComment: '--',
  blockComment: ['/*', '*/'],
  quotes: '"\'',
  multiLineQuotes: [],
  ignoreCase: true,
};
const DATA: Language = {
  keywords: words('true false null yes no on off'),
  lineComment: '#',
  blockComment: undefined,
  quotes: '"\'',
  multiLineQuotes: [],
};
const CSS: Language = {
  keywords: words('important media import keyframes'),
  lineComment: undefined,
  blockComment: ['/*', '*/'],
  quotes: '"\'',
  multiLineQuotes: [],
};
const MARKUP: Language = {
  keywords: new Set(),
  lineComment: undefined,
  blockComment: ['<!--', '-->'],
  quotes: '"',
  multiLineQuotes: [],
};

const LANGUAGES: readonly (readonly [string, Language])[] = [
  [
    'js jsx mjs cjs ts tsx javascript typescript java kotlin kt scala swift go golang rust rs c h cpp c++ cc hpp cs csharp php dart zig',
    C_LIKE,
  ],
  ['py python python3', PYTHON],
  ['sh bash zsh shell console fish dockerfile docker make makefile', SHELL],
  ['rb ruby elixir ex perl pl', RUBY],
  ['sql sqlite postgres mysql', SQL],
  ['json jsonc json5 yaml yml toml ini env conf properties', DATA],
  ['css scss less', CSS],
  ['html xml svg vue', MARKUP],
];

/** Characters; a longer line is data, and its colours would cost more than they tell. */
const MAX_LINE = 2000;

/** Colours `lines` of code in `language` (the word after a fence). An unknown language stays plain; a diff is coloured by line. */
export function highlightCode(lines: readonly string[], language: string): Line[] {
  const name = language.toLowerCase();
  if (name === 'diff' || name === 'patch') return lines.map((line) => [span(line, ...diffStyles(line))]);
  const found = LANGUAGES.find(([names]) => names.split(' ').includes(name))?.[1];
  if (found === undefined) return lines.map((line) => [span(line)]);
  let open: string | undefined;
  return lines.map((line) => {
    if (line.length > MAX_LINE) return [span(line)];
    const done = highlightLine(line, found, open);
    open = done.open;
    return done.spans;
  });
}

function diffStyles(line: string): Style[] {
  if (line.startsWith('+')) return ['ok'];
  if (line.startsWith('-')) return ['error'];
  return line.startsWith('@@') ? ['accent'] : [];
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /0x[\da-fA-F]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN = /[^\p{L}\p{N}_$"'`/#<*-]+/uy;

/** `open` is what a comment or string of an earlier line waits for. */
function highlightLine(
  line: string,
  language: Language,
  open: string | undefined,
): { spans: Span[]; open: string | undefined } {
  const spans: Span[] = [];
  let waiting = open;
  let at = 0;
  if (waiting !== undefined) {
    const end = closing(line, 0, waiting);
    spans.push(span(line.slice(0, end.at), waiting === language.blockComment?.[1] ? 'comment' : 'string'));
    at = end.at;
    if (!end.closed) return { spans, open: waiting };
    waiting = undefined;
  }
  while (at < line.length) {
    const next = tokenAt(line, at, language);
    spans.push(span(line.slice(at, next.end), ...next.styles));
    at = next.end;
    waiting = next.open;
  }
  return { spans, open: waiting };
}

interface CodeToken {
  readonly end: number;
  readonly styles: Style[];
  readonly open?: string | undefined;
}

function tokenAt(line: string, at: number, language: Language): CodeToken {
  const { lineComment, blockComment } = language;
  // A # is a comment only at the start of a word: `a#b` and colours of CSS are not.
  if (
    lineComment !== undefined &&
    line.startsWith(lineComment, at) &&
    (lineComment !== '#' || /\s/.test(line[at - 1] ?? ' '))
  ) {
    return { end: line.length, styles: ['comment'] };
  }
  if (blockComment !== undefined && line.startsWith(blockComment[0], at)) {
    const end = closing(line, at + blockComment[0].length, blockComment[1]);
    return { end: end.at, styles: ['comment'], open: end.closed ? undefined : blockComment[1] };
  }
  const quote = language.multiLineQuotes.find((mark) => line.startsWith(mark, at)) ?? line[at] ?? '';
  if (language.quotes.includes(quote[0] ?? ' ')) {
    const end = closing(line, at + quote.length, quote);
    if (end.closed) return { end: end.at, styles: ['string'] };
    // A lone quote is an apostrophe or a lifetime, unless this language lets strings go on.
    if (!language.multiLineQuotes.includes(quote)) return { end: at + 1, styles: [] };
    return { end: end.at, styles: ['string'], open: quote };
  }
  const word = sticky(WORD, line, at);
  if (word !== undefined) {
    const known = language.keywords.has(language.ignoreCase === true ? word.toLowerCase() : word);
    return { end: at + word.length, styles: known ? ['keyword'] : [] };
  }
  const number = sticky(NUMBER, line, at);
  if (number !== undefined) return { end: at + number.length, styles: ['number'] };
  return { end: at + (sticky(PLAIN, line, at)?.length ?? 1), styles: [] };
}

/** The index after the first unescaped `mark` from `from` on, or the end of the line. */
function closing(line: string, from: number, mark: string): { at: number; closed: boolean } {
  for (let at = from; at < line.length; at++) {
    if (line[at] === '\\' && mark.length < 3) at++;
    else if (line.startsWith(mark, at)) return { at: at + mark.length, closed: true };
  }
  return { at: line.length, closed: false };
}

function sticky(pattern: RegExp, line: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}
