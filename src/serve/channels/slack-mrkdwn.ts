/** Owns how Markdown becomes Slack's mrkdwn. Promises: nothing in a text can ping anybody or become a link it did not say, since `&`, `<` and `>` are escaped everywhere. Source of the format: https://docs.slack.dev/messaging/formatting-message-text */
import { isNestedTooDeep } from '../../core/kernel/markdown-depth.ts';
import { marked, type MarkedToken, type Token, type Tokens } from 'marked';
import { textWidth } from '../../core/kernel/text-width.ts';

const LINK = /^(?:https?:\/\/|mailto:)/i;

/** Slack sees no emphasis where a letter touches its sign, as a Korean particle does; this mark sets them apart unseen. */
const APART = '\u200b';

/** Characters that Slack would take for the beginning of a mention or a link. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Names that reach everybody. Slack makes no ping of them here, since it is told not to look for names; this holds where it looks all the same. */
const EVERYBODY = /@(?=(?:everyone|channel|here|all)\b)/gi;

function plain(text: string): string {
  return escapeSlack(text).replaceAll(EVERYBODY, `@${APART}`);
}

/** `markdown` as mrkdwn. */
export function renderMrkdwn(markdown: string): string {
  if (isNestedTooDeep(markdown)) return plain(markdown);
  return renderBlocks(marked.lexer(markdown));
}

function renderBlocks(tokens: readonly Token[]): string {
  const blocks: string[] = [];
  for (const token of tokens) {
    const block = renderBlock(token as MarkedToken);
    if (block.trim() !== '') blocks.push(block);
  }
  return blocks.join('\n\n');
}

function renderBlock(token: MarkedToken): string {
  switch (token.type) {
    case 'heading':
      return wrapped('*', inline(token.tokens, true));
    case 'paragraph':
      return inline(token.tokens);
    case 'text':
      return token.tokens === undefined ? plain(decode(token.text)) : inline(token.tokens);
    case 'code':
      return fence(token.text);
    case 'blockquote':
      return renderBlocks(token.tokens).replaceAll(/^/gm, '> ');
    case 'list':
      return renderList(token);
    case 'table':
      return fence(tableText(token));
    case 'hr':
      return '———';
    case 'space':
    case 'def':
      return '';
    default:
      return plain(token.raw.trimEnd());
  }
}

function renderList(list: Tokens.List): string {
  const first = Number(list.start) || 1;
  const items = list.items.map((item, index) => {
    const box = item.task ? (item.checked === true ? '☑ ' : '☐ ') : '';
    const mark = list.ordered ? `${first + index}. ` : box === '' ? '• ' : '';
    const body = item.tokens
      .filter((token) => token.type !== 'checkbox')
      .map((token) => renderBlock(token as MarkedToken))
      .filter((block) => block !== '')
      .join('\n');
    return `${mark}${box}${body.replaceAll('\n', '\n    ')}`;
  });
  return items.join('\n');
}

/** Inline tokens; inside bold text there is no second bold. */
function inline(tokens: readonly Token[], isBold = false): string {
  let text = '';
  for (const token of tokens) {
    const piece = renderInline(token as MarkedToken, isBold);
    const isStyled = STYLED.has(token.type);
    const touches = (isStyled && /[\p{L}\p{N}]$/u.test(text)) || (/[*_~`]$/.test(text) && /^[\p{L}\p{N}]/u.test(piece));
    text += touches ? APART + piece : piece;
  }
  return text;
}

const STYLED = new Set(['strong', 'em', 'del', 'codespan']);

function renderInline(token: MarkedToken, isBold: boolean): string {
  switch (token.type) {
    case 'strong':
      return isBold ? inline(token.tokens, true) : wrapped('*', inline(token.tokens, true));
    case 'em':
      return wrapped('_', inline(token.tokens, isBold));
    case 'del':
      return wrapped('~', inline(token.tokens, isBold));
    case 'codespan':
      return wrapped('`', escapeSlack(token.text).replaceAll('`', 'ˋ'));
    case 'link':
      return link(token.href, decode(token.text));
    case 'image':
      return link(token.href, decode(token.text));
    case 'br':
      return '\n';
    case 'text':
      return token.tokens === undefined ? plain(decode(token.text)) : inline(token.tokens, isBold);
    case 'escape':
      return escapeSlack(token.text);
    default:
      return plain(token.raw);
  }
}

function wrapped(sign: string, text: string): string {
  return text.trim() === '' ? text : `${sign}${text.trim()}${sign}`;
}

/** Only web and mail addresses become links; anything else is shown as it was written. */
function link(href: string, label: string): string {
  const words = label.trim().replaceAll('\n', ' ');
  if (!LINK.test(href)) return plain(words === '' || words === href ? href : `${words} (${href})`);
  const address = escapeSlack(href.replaceAll('|', '%7C').replaceAll('<', '%3C').replaceAll('>', '%3E'));
  if (words === '' || words === href || `mailto:${words}` === href) return `<${address}>`;
  return `<${address}|${plain(words)}>`;
}

function fence(code: string): string {
  return `\`\`\`\n${escapeSlack(code.replaceAll('```', `\`\`${APART}\``))}\n\`\`\``;
}

/** Slack has no tables in text: columns of equal width. */
function tableText(table: Tokens.Table): string {
  const rows = [table.header, ...table.rows].map((row) => row.map((cell) => decode(cell.text).replaceAll('\n', ' ')));
  const widths = table.header.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ''))));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(cell)))).join(' | ');
  const [header = [], ...body] = rows.map((row) => line(row).trimEnd());
  return [header, widths.map((width) => '-'.repeat(width)).join('-+-'), ...body].join('\n');
}

/** The entities that Markdown knows by name and models write. */
function decode(text: string): string {
  return text.replaceAll(/&(?:lt|gt|amp|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
};
