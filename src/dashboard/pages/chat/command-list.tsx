/** Owns the list of commands that fit what is being typed. */
import type { ReactNode } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import type { CommandName } from './slash-commands.ts';

interface CommandListProps {
  readonly names: readonly CommandName[];
  /** The place of the one that Enter takes. */
  readonly picked: number;
  readonly onPick: (name: CommandName) => void;
}

export function CommandList({ names, picked, onPick }: CommandListProps): ReactNode {
  const { chat } = useTexts();
  if (names.length === 0) return null;
  return (
    <ul className="chat-commands" aria-label={chat.commandList}>
      {names.map((name, at) => (
        <li key={name}>
          <button
            type="button"
            className={at === picked ? 'plain-button picked' : 'plain-button'}
            aria-pressed={at === picked}
            onClick={() => onPick(name)}
          >
            <code>/{name}</code> {chat.commands[name]}
          </button>
        </li>
      ))}
    </ul>
  );
}
