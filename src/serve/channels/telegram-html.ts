/** Owns how Markdown becomes the HTML that Telegram takes. Promises: every character of a text that could be a tag is escaped, and a mass ping is disarmed. Source of the format: https://core.telegram.org/bots/api#html-style */
import { isNestedTooDeep } from '../../core/kernel/markdown-depth.ts';
import { marked, type MarkedToken, type Token, type Tokens } from 'marked';

const LINK = /^(?:https?:\/\/|mailto:|tg:\/\/)/i;
/** Stands between the sign and the word, unseen, so that nobody is called. */
const APART = '\u200b';
/** An underscore after the word may be the end of a style. */
const EVERYBODY = '(?=(?:everyone|here|all|channel)(?![a-z0-9]))';
const PING = new RegExp(`@${EVERYBODY}`, 'gi');
/** A ping whose word has a style of its own: the tags between are kept. */
const STYLED_PING = new RegExp(`@((?:<[^<>]*>)+)${EVERYBODY}`, 'gi');

/** `markdown` as Telegram HTML. */
export function renderTelegram(markdown: string): string {
  const safe = disarm(markdown);
  if (isNestedTooDeep(safe)) return escapeHtml(safe);
  return blocks(marked.lexer(safe)).trim().replaceAll(STYLED_PING, `@${APART}$1`);
}

/** The text without any style, pings disarmed. */
export function disarm(text: string): string {
  return text.replaceAll(PING, `@${APART}`);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Markdown's own entities are undone before Telegram's are made. */
function plain(text: string): string {
  const decoded = text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  return escapeHtml(decoded);
}

function blocks(tokens: readonly Token[]): string {
  return tokens
    .map((token) => block(token as MarkedToken))
    .filter((text) => text.trim() !== '')
    .join('\n\n');
}

function block(token: MarkedToken): string {
  switch (token.type) {
    case 'heading':
      return `<b>${inline(token.tokens)}</b>`;
    case 'paragraph':
      return inline(token.tokens);
    case 'text':
      return token.tokens === undefined ? plain(token.text) : inline(token.tokens);
    case 'code':
      return codeBlock(token.text, token.lang);
    case 'blockquote':
      return `<blockquote>${blocks(token.tokens.map(withoutQuote))}</blockquote>`;
    case 'list':
      return list(token);
    case 'table':
      return codeBlock(token.raw.trimEnd(), undefined);
    case 'hr':
      return '———';
    case 'space':
    case 'def':
      return '';
    default:
      return escapeHtml(token.raw.trimEnd());
  }
}

/** Telegram refuses a quote inside a quote. */
function withoutQuote(token: Token): Token {
  if (token.type !== 'blockquote') return token;
  return { type: 'text', raw: token.raw, text: token.raw.replaceAll(/^ {0,3}> ?/gm, '').trim() };
}

function codeBlock(code: string, language: string | undefined): string {
  const name = language?.split(/\s/)[0]?.replaceAll(/[^\w+#-]/g, '') ?? '';
  const body = escapeHtml(code);
  return name === '' ? `<pre>${body}</pre>` : `<pre><code class="language-${name}">${body}</code></pre>`;
}

function list({ items, ordered, start }: Tokens.List): string {
  const first = Number(start) || 1;
  return items
    .map((item, index) => {
      const box = item.task ? (item.checked === true ? '☑ ' : '☐ ') : '';
      const mark = ordered ? `${first + index}. ` : box === '' ? '• ' : '';
      const body = item.tokens
        .filter(({ type }) => type !== 'checkbox')
        .map((token) => block(token as MarkedToken))
        .filter((text) => text !== '')
        .join('\n');
      return `${mark}${box}${body.replaceAll('\n', '\n    ')}`;
    })
    .join('\n');
}

function inline(tokens: readonly Token[]): string {
  return tokens.map((token) => inlineToken(token as MarkedToken)).join('');
}

function inlineToken(token: MarkedToken): string {
  switch (token.type) {
    case 'strong':
      return `<b>${inline(token.tokens)}</b>`;
    case 'em':
      return `<i>${inline(token.tokens)}</i>`;
    case 'del':
      return `<s>${inline(token.tokens)}</s>`;
    case 'codespan':
      return `<code>${escapeHtml(token.text)}</code>`;
    case 'link':
      return LINK.test(token.href)
        ? `<a href="${escapeHtml(token.href)}">${inline(token.tokens)}</a>`
        : `${inline(token.tokens)} (${escapeHtml(token.href)})`;
    case 'image':
      return LINK.test(token.href) ? `<a href="${escapeHtml(token.href)}">${plain(token.text)}</a>` : plain(token.text);
    case 'br':
      return '\n';
    case 'text':
      return token.tokens === undefined ? plain(token.text) : inline(token.tokens);
    case 'escape':
      return plain(token.text);
    default:
      return escapeHtml(token.raw);
  }
}
