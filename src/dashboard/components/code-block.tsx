/** Owns a block of code: coloured where its language is known, long ones folded, copied by one press. What is being written is coloured when it rests. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import './code-block.css';
import type { CodeTree } from './highlight.ts';

/** Longer ones show this much until they are unfolded. */
const FOLDED_LINES = 40;
const FOLDED_CHARS = 6_000;
/** Longer code stays without colours: reading it would hold up the page. */
const MAX_COLOURED_CHARS = 50_000;
/** How long a block stays as it is before it is coloured anew, in milliseconds. */
const REST_MS = 250;

interface CodeBlockProps {
  readonly code: string;
  /** As the fence names it; empty when it does not. */
  readonly language: string;
}

export function CodeBlock({ code, language }: CodeBlockProps): ReactNode {
  const { chat } = useTexts();
  const [isWrapped, setWrapped] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const lines = useMemo(() => countLines(code), [code]);
  const isLong = lines > FOLDED_LINES || code.length > FOLDED_CHARS;
  const shown = useMemo(() => (isLong && !isWhole ? beginning(code) : code), [code, isLong, isWhole]);
  const name = language.trim().split(/[\s,{]/, 1)[0] ?? '';
  const tree = useColours(shown, name.toLowerCase());
  return (
    <figure className={isWrapped ? 'code wrapped' : 'code'} aria-label={chat.codeIn(name)}>
      <figcaption>
        <span>{name}</span>
        <span className="code-actions">
          <button
            type="button"
            className="plain-button"
            aria-pressed={isWrapped}
            onClick={() => setWrapped(!isWrapped)}
          >
            {chat.wrap}
          </button>
          <CopyButton text={code} />
        </span>
      </figcaption>
      <pre tabIndex={0}>
        <code>{tree === undefined ? shown : branches(tree.children)}</code>
      </pre>
      {isLong ? (
        <button type="button" className="plain-button code-more" onClick={() => setWhole(!isWhole)}>
          {isWhole ? chat.fold : chat.showLines(lines)}
        </button>
      ) : null}
    </figure>
  );
}

/** Copies `text`; says so for a while. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const { chat } = useTexts();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), 2_000);
    return () => window.clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button type="button" className="plain-button" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? chat.copied : (label ?? chat.copy)}</span>
    </button>
  );
}

type Colours = (code: string, language: string) => CodeTree | undefined;

/** The tree of exactly this code; undefined until there is one, and for code without colours. */
function useColours(code: string, language: string): CodeTree | undefined {
  const [coloured, setColoured] = useState<{ readonly code: string; readonly tree: CodeTree | undefined }>();
  const isFirst = useRef(true);
  useEffect(() => {
    if (language === '' || code.length > MAX_COLOURED_CHARS) return undefined;
    let isWanted = true;
    const colour = async (): Promise<void> => {
      // Without its script the code stays as it is.
      const loaded = await import('./highlight.ts').catch(() => undefined);
      const colours: Colours | undefined = loaded?.colourCode;
      if (isWanted && colours !== undefined) setColoured({ code, tree: colours(code, language) });
    };
    const timer = window.setTimeout(() => void colour(), isFirst.current ? 0 : REST_MS);
    isFirst.current = false;
    return () => {
      isWanted = false;
      window.clearTimeout(timer);
    };
  }, [code, language]);
  return coloured?.code === code ? coloured.tree : undefined;
}

function branches(children: CodeTree['children']): ReactNode {
  return children.map((child, at) => {
    if (child.type === 'text') return child.value;
    if (child.type !== 'element') return null;
    const classes = child.properties['className'];
    return (
      <span key={at} className={Array.isArray(classes) ? classes.join(' ') : undefined}>
        {branches(child.children)}
      </span>
    );
  });
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** The first lines, at most so many characters. */
function beginning(code: string): string {
  let end = -1;
  for (let line = 0; line < FOLDED_LINES; line += 1) {
    const next = code.indexOf('\n', end + 1);
    if (next === -1) return code.slice(0, FOLDED_CHARS);
    end = next;
  }
  return code.slice(0, Math.min(end, FOLDED_CHARS));
}
