/** Owns the list of keys, as it is shown to whoever asks. */
import type { ReactNode } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import { Dialog } from '../dialog.tsx';
import './palette.css';
import { LETTERS, type PagePath } from './shortcuts.ts';

interface ShortcutListProps {
  readonly pages: readonly PagePath[];
  readonly onClose: () => void;
}

export function ShortcutList({ pages, onClose }: ShortcutListProps): ReactNode {
  const { shortcuts, nav, state } = useTexts();
  const rows: readonly (readonly [readonly string[], string])[] = [
    [['Ctrl', 'K'], shortcuts.palette],
    [['/'], shortcuts.search],
    [['?'], shortcuts.help],
    ...pages.flatMap((page) => {
      const letter = LETTERS[page];
      return letter === undefined ? [] : [[['g', letter], nav[page]] as const];
    }),
  ];
  return (
    <Dialog title={shortcuts.title} onClose={onClose}>
      <dl className="shortcut-list">
        {rows.map(([keys, what]) => (
          <div key={what} className="shortcut">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" className="actions">
        <button type="submit" className="main">
          {state.close}
        </button>
      </form>
    </Dialog>
  );
}
