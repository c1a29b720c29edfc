/** Owns where a message is written: Enter sends, Shift+Enter begins a line, and a word that is still being composed is not sent half. */
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import type { LiveChat } from './use-chat.ts';

const MAX_CHARS = 10_000;

export function Composer({ live, isRunning }: { readonly live: LiveChat; readonly isRunning: boolean }): ReactNode {
  const { chat } = useTexts();
  const [text, setText] = useState('');
  const isThere = live.connection === 'open';
  const send = (): void => {
    if (text.trim() !== '' && live.say(text)) setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isThere ? null : (
        <p className="quiet" role="status">
          {live.state.turns.length === 0 ? chat.connecting : chat.broken}
        </p>
      )}
      <textarea
        value={text}
        maxLength={MAX_CHARS}
        rows={3}
        aria-label={chat.placeholder}
        placeholder={chat.placeholder}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="actions">
        {isRunning ? (
          <button type="button" onClick={live.stop}>
            {chat.stop}
          </button>
        ) : null}
        <button type="submit" className="main" disabled={!isThere || text.trim() === ''}>
          {chat.send}
        </button>
      </div>
    </form>
  );
}
