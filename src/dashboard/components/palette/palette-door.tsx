/** Owns the keys of the whole page and the button that opens the palette, which is loaded only then. */
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { type Language, useTexts } from '../../language/use-texts.ts';
import { CrashGuard } from '../crash-guard.tsx';
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

interface Opened {
  readonly what: 'palette' | 'keys';
  /** Which time it is opened: each has a dialog of its own. */
  readonly turn: number;
}

export function PaletteDoor({ pages, language, onLanguage }: PaletteDoorProps): ReactNode {
  const { palette, shell } = useTexts();
  const [open, setOpen] = useState<Opened>();
  const [query, setQuery] = useState('');
  const show = useCallback((what: Opened['what']) => setOpen((now) => ({ what, turn: (now?.turn ?? 0) + 1 })), []);
  // A dialog tells late that it was closed: by then another may be open.
  const onClose = (): void => setOpen((now) => (now?.turn === open?.turn ? undefined : now));
  useKeys(pages, show, setQuery);
  return (
    <>
      <button
        type="button"
        className="palette-door"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K"
        onClick={() => {
          setQuery('');
          show('palette');
        }}
      >
        <Icon name="search" />
        <span>{palette.open}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <CrashGuard text={shell.crashed}>
        <Suspense>
          {open?.what === 'palette' ? (
            <Palette
              key={open.turn}
              language={language}
              onLanguage={onLanguage}
              query={query}
              onQuery={setQuery}
              onKeys={() => show('keys')}
              onClose={onClose}
            />
          ) : null}
          {open?.what === 'keys' ? <ShortcutList key={open.turn} pages={pages} onClose={onClose} /> : null}
        </Suspense>
      </CrashGuard>
    </>
  );
}

/** What is typed so soon after the palette was asked for is meant for it, in milliseconds. */
const EARLY_MS = 3_000;

function useKeys(
  pages: readonly PagePath[],
  onOpen: (what: 'palette' | 'keys') => void,
  onQuery: (write: (query: string) => string) => void,
): void {
  const go = useNavigate();
  const known = pages.join(' ');
  useEffect(() => {
    const read = createShortcuts(known.split(' ') as PagePath[]);
    let earlyUntil = -Infinity;
    const onKeyDown = (event: KeyboardEvent): void => {
      // What is asked in the middle of the page is answered first.
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) {
        earlyUntil = -Infinity;
        return;
      }
      const { key, timeStamp } = event;
      if (timeStamp < earlyUntil && key.length === 1 && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        onQuery((query) => query + key);
        return;
      }
      const shortcut = event.repeat ? undefined : read(keyOf(event));
      if (shortcut === undefined || (shortcut === 'search' && !focusSearch())) return;
      event.preventDefault();
      if (shortcut === 'palette') {
        earlyUntil = timeStamp + EARLY_MS;
        onQuery(() => '');
        onOpen('palette');
      }
      if (shortcut === 'help') onOpen('keys');
      if (typeof shortcut === 'object') void go(`/dashboard/${shortcut.page}`);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [known, go, onOpen, onQuery]);
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
