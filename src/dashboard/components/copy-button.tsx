/** Owns copying a text by one press; where the browser does not let it, the text is there to be marked. */
import { type ReactNode, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';
import './copy-button.css';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who hear the button. */
  readonly label?: string;
}

export function CopyButton({ text, label }: CopyButtonProps): ReactNode {
  const { chat } = useTexts();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    // There is no clipboard for a page that came unencrypted from another machine.
    const done = await Promise.try(() => navigator.clipboard.writeText(text)).then(
      () => true,
      () => false,
    );
    setCopied(done);
  };
  return (
    <button
      type="button"
      className="copy"
      aria-label={label === undefined || isCopied ? undefined : `${chat.copy}: ${label}`}
      onClick={() => void copy()}
    >
      {isCopied ? chat.copied : chat.copy}
    </button>
  );
}

/** A command for the terminal, with the button that copies it. */
export function Command({ text }: { readonly text: string }): ReactNode {
  return (
    <span className="command">
      <code className="secret-shown">{text}</code> <CopyButton text={text} label={text} />
    </span>
  );
}
