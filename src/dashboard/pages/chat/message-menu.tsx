/** Owns what can be done with one message: the browser's own fold, reached and closed by keyboard. */
import { type ReactNode, useState } from 'react';
import { CopyButton } from '../../components/code-block.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { wordsOf, type PastMessage } from './read-message.ts';

import type { MessageActs } from './use-message-acts.ts';

interface MessageMenuProps {
  readonly message: PastMessage;
  /** It is the newest of all. */
  readonly isLast: boolean;
  readonly acts: MessageActs;
}

export function MessageMenu({ message, isLast, acts }: MessageMenuProps): ReactNode {
  const { chat } = useTexts();
  const may = useMay('user');
  const [isOpen, setOpen] = useState(false);
  const words = wordsOf(message);
  if (message.role === 'tool') return null;
  return (
    <details
      className="message-menu"
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.stopPropagation();
        setOpen(false);
        event.currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary aria-label={chat.messageMenu(message.seq)} title={chat.menu}>
        <span aria-hidden="true">⋯</span>
      </summary>
      {isOpen ? (
        <div className="message-menu-items">
          {words === '' ? null : <CopyButton text={words} label={chat.copyMarkdown} />}
          <CopyButton text={acts.linkTo(message)} label={chat.copyLink} />
          {may ? (
            <>
              {message.role === 'user' && words !== '' ? (
                <Item onPress={() => acts.edit(message)}>{chat.edit}</Item>
              ) : null}
              {message.role === 'assistant' && isLast ? (
                <Item onPress={() => acts.askAgain(message)}>{chat.regenerate}</Item>
              ) : null}
              <Item onPress={() => acts.branch(message)}>{chat.branch}</Item>
            </>
          ) : null}
          <RawText message={message} />
        </div>
      ) : null}
    </details>
  );
}

function Item({ onPress, children }: { readonly onPress: () => void; readonly children: ReactNode }): ReactNode {
  return (
    <button type="button" className="plain-button" onClick={onPress}>
      {children}
    </button>
  );
}

/** The message as it is stored. */
function RawText({ message }: { readonly message: PastMessage }): ReactNode {
  const { chat, state } = useTexts();
  const [isOpen, setOpen] = useState(false);
  const words = wordsOf(message);
  return (
    <>
      <Item onPress={() => setOpen(true)}>{chat.rawText}</Item>
      {isOpen ? (
        <Dialog title={chat.rawText} onClose={() => setOpen(false)}>
          <pre tabIndex={0} className="plain">
            {words === '' ? JSON.stringify(message.parts, null, 2) : words}
          </pre>
          <form method="dialog" className="actions">
            <button type="submit">{state.close}</button>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
