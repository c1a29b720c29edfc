/** Owns how Markdown looks on a page: tokens become elements, never markup. Nothing that a text names is loaded: a picture is its address, a link opens only when it is pressed. */
import { type MarkedToken, marked, type Token, type Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { isNestedTooDeep } from '../../core/kernel/markdown-depth.ts';
import { useTexts } from '../language/use-texts.ts';
import { CodeBlock } from './code-block.tsx';

export const Markdown = memo(function Markdown({ text }: { readonly text: string }): ReactNode {
  if (isNestedTooDeep(text)) return <p className="plain">{text}</p>;
  const tokens = marked.lexer(text);
  // A definition that comes late gives links above it an address.
  const definitions = Object.keys(tokens.links).length;
  return (
    <div className="markdown">
      {tokens.map((token, at) => (
        <Block key={`${definitions} ${at}`} token={token as MarkedToken} />
      ))}
    </div>
  );
});

/** What stays as it was while a text grows is not drawn anew. */
const Block = memo(
  function Block({ token }: { readonly token: MarkedToken }): ReactNode {
    return block(token);
  },
  (before, after) => before.token.type === after.token.type && before.token.raw === after.token.raw,
);

function blocks(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, at) => <Fragment key={at}>{block(token as MarkedToken)}</Fragment>);
}

function block(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      // The page has headings of its own above these.
      return <p className={`heading h${token.depth}`}>{inline(token.tokens)}</p>;
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>;
    case 'code':
      return <CodeBlock code={token.text} language={token.lang ?? ''} />;
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list':
      return list(token);
    case 'table':
      return table(token);
    case 'hr':
      return <hr />;
    case 'text':
      return token.tokens === undefined ? decoded(token.text) : inline(token.tokens);
    case 'html':
      return <p className="plain">{token.text}</p>;
    case 'space':
    case 'def':
      return null;
    default:
      return <p className="plain">{token.raw}</p>;
  }
}

function list({ items, ordered, start }: Tokens.List): ReactNode {
  const rows = items.map(({ tokens, task, checked }, at) => (
    <li key={at}>
      {task ? <input type="checkbox" checked={checked === true} readOnly aria-readonly disabled /> : null}
      {blocks(tokens)}
    </li>
  ));
  return ordered ? <ol start={start === '' ? 1 : start}>{rows}</ol> : <ul>{rows}</ul>;
}

function table({ header, rows }: Tokens.Table): ReactNode {
  return (
    <div className="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }, at) => (
              <th key={at}>{inline(tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map(({ tokens }, column) => (
                <td key={column}>{inline(tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[]): ReactNode {
  return tokens.map((token, at) => <Fragment key={at}>{span(token as MarkedToken)}</Fragment>);
}

function span(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>;
    case 'em':
      return <em>{inline(token.tokens)}</em>;
    case 'del':
      return <del>{inline(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <SafeLink address={token.href}>{inline(token.tokens)}</SafeLink>;
    case 'image':
      return <PictureAddress address={token.href} text={token.text} />;
    case 'text':
      return token.tokens === undefined ? decoded(token.text) : inline(token.tokens);
    case 'escape':
      return decoded(token.text);
    default:
      return token.raw;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The parser leaves the five entities of its own escaping in plain text. */
function decoded(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function SafeLink({ address, children }: { readonly address: string; readonly children: ReactNode }): ReactNode {
  const url = URL.parse(address);
  if (url === null || !['https:', 'http:', 'mailto:'].includes(url.protocol)) {
    return (
      <span>
        {children} <span className="quiet">({address})</span>
      </span>
    );
  }
  return (
    <a href={url.href} target="_blank" rel="noopener noreferrer nofollow" title={url.href}>
      {children}
    </a>
  );
}

/** A picture that loads tells its server who reads it, and what: it stays an address. */
function PictureAddress({ address, text }: { readonly address: string; readonly text: string }): ReactNode {
  const { chat } = useTexts();
  return (
    <span className="quiet">
      {text} [{chat.picture(address)}]
    </span>
  );
}
