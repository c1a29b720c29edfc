/** Owns the keys of the whole page and the button that opens the palette, which is loaded only then. */
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Language, useTexts } from '../../language/use-texts.ts';
import { Icon } from '../icon.tsx';
import './palette-door.css';
import { createShortcuts, type Key, type PagePath } from './shortcuts.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const ShortcutList = lazy(async () => ({ default: (await import('./shortcut-list.tsx')).ShortcutList }));

interface PaletteDoorProps {
  /** Those that the one who is signed in may see. */
  readonly pages: readonly PagePath[];
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function PaletteDoor({ pages, language, onLanguage }: PaletteDoorProps): ReactNode {
  const { palette } = useTexts();
  const [open, setOpen] = useState<'palette' | 'keys'>();
  useKeys(pages, setOpen);
  return (
    <>
      <button
        type="button"
        className="palette-door"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen('palette')}
      >
        <Icon name="search" />
        <span>{palette.open}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <Suspense>
        {open === 'palette' ? (
          <Palette
            language={language}
            onLanguage={onLanguage}
            onKeys={() => setOpen('keys')}
            onClose={() => setOpen((now) => (now === 'palette' ? undefined : now))}
          />
        ) : null}
        {open === 'keys' ? <ShortcutList pages={pages} onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </>
  );
}

function useKeys(pages: readonly PagePath[], onOpen: (what: 'palette' | 'keys') => void): void {
  const go = useNavigate();
  const known = pages.join(' ');
  useEffect(() => {
    const read = createShortcuts(known.split(' ') as PagePath[]);
    const onKeyDown = (event: KeyboardEvent): void => {
      // What is asked in the middle of the page is answered first.
      if (event.defaultPrevented || event.repeat || document.querySelector('dialog[open]') !== null) return;
      const shortcut = read(keyOf(event));
      if (shortcut === undefined) return;
      if (shortcut === 'search' && !focusSearch()) return;
      event.preventDefault();
      if (shortcut === 'palette') onOpen('palette');
      else if (shortcut === 'help') onOpen('keys');
      else if (shortcut !== 'search') void go(`/dashboard/${shortcut.page}`);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [known, go, onOpen]);
}

/** The key code that browsers give to keys of an input method. Source: UI Events, 7.3.1. */
const COMPOSING = 229;
const WRITING = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

function keyOf(event: KeyboardEvent): Key {
  const { key, code, target, timeStamp } = event;
  return {
    key,
    code,
    isCommand: event.ctrlKey || event.metaKey,
    isShift: event.shiftKey,
    isAlt: event.altKey,
    isComposing: event.isComposing || event.keyCode === COMPOSING,
    isWriting: target instanceof Element && target.closest(WRITING) !== null,
    at: timeStamp,
  };
}

/** False when the page has none. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}
