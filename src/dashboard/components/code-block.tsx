/** Owns a block of code: scrolled, not wrapped, and copied by one press. */
import { type ReactNode, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';

export function CodeBlock({ code, language }: { readonly code: string; readonly language: string }): ReactNode {
  const { chat } = useTexts();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <figure className="code">
      <figcaption>
        <span>{language}</span>
        <button type="button" onClick={() => void copy()}>
          {isCopied ? chat.copied : chat.copy}
        </button>
      </figcaption>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
