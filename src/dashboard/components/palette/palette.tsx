/** Owns the palette: one field that finds pages, actions and what is there, chosen and opened by the keyboard. */
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { type Language, useTexts } from '../../language/use-texts.ts';
import { usePerson } from '../../session-gate.tsx';
import { Icon } from '../icon.tsx';
import { useEntries } from './entries.ts';
import { fittingSections, type Section } from './fitting-sections.ts';
import './palette.css';
import { keepRecent, readRecents } from './recents.ts';

export interface PaletteProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onKeys: () => void;
  readonly onClose: () => void;
}

export function Palette(props: PaletteProps): ReactNode {
  const { palette } = useTexts();
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key is pressed: it is meant for the field.
  useLayoutEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={palette.title}
      onClose={props.onClose}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close();
      }}
    >
      <Finder {...props} onClose={() => dialog.current?.close()} />
    </dialog>
  );
}

function Finder({ onClose, query, onQuery, ...options }: PaletteProps): ReactNode {
  const { palette, state } = useTexts();
  const { username } = usePerson();
  const [at, setAt] = useState(0);
  const [told, setTold] = useState<string>();
  const list = useId();
  const [recents] = useState(() => readRecents(username));
  const sections = fittingSections(useEntries({ ...options, query }), query, recents);
  const entries = sections.flatMap((section) => section.entries);
  const chosen = Math.min(at, Math.max(0, entries.length - 1));
  useEffect(() => {
    document.querySelector(`#${CSS.escape(`${list}-${chosen}`)}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, chosen]);
  const run = (index: number): void => {
    const entry = entries[index];
    if (entry === undefined) return;
    keepRecent(username, entry.id);
    setTold(undefined);
    const done = entry.act();
    if (done === undefined) return onClose();
    setTold(state.loading);
    done.then(setTold, (error: unknown) =>
      setTold(state.failed(error instanceof ApiError ? error.message : String(error))),
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A character that is being composed has its own arrows and Enter.
    if (event.nativeEvent.isComposing || event.keyCode === COMPOSING) return;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to !== undefined && (event.key.startsWith('Arrow') || query === '')) {
      event.preventDefault();
      setAt(entries.length === 0 ? 0 : (to + entries.length) % entries.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <>
      <div className="palette-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label={palette.title}
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          {...(entries.length === 0 ? {} : { 'aria-activedescendant': `${list}-${chosen}` })}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={palette.placeholder}
          value={query}
          onChange={({ target }) => {
            onQuery(target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <Found id={list} sections={sections} chosen={chosen} onChoose={run} />
      <p className="palette-told" role="status">
        {told ?? (entries.length === 0 ? palette.nothing(query) : '')}
      </p>
      <p className="palette-hint quiet">{palette.hint}</p>
    </>
  );
}

/** The key code that browsers give to keys of an input method. Source: UI Events, 7.3.1. */
const COMPOSING = 229;

interface FoundProps {
  readonly id: string;
  readonly sections: readonly Section[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function Found({ id, sections, chosen, onChoose }: FoundProps): ReactNode {
  const { palette } = useTexts();
  return (
    <div className="palette-list" id={id} role="listbox" aria-label={palette.title}>
      {sections.map(({ name, entries }, section) => (
        <div key={name} role="group" aria-label={palette.groups[name]}>
          <p aria-hidden="true">{palette.groups[name]}</p>
          {entries.map(({ id: entryId, label, detail, icon, keys }, place) => {
            const own = countOf(sections.slice(0, section)) + place;
            return (
              <div
                key={entryId}
                id={`${id}-${own}`}
                role="option"
                aria-selected={own === chosen}
                onClick={() => onChoose(own)}
              >
                {icon === undefined ? null : <Icon name={icon} />}
                <span className="palette-label">{label}</span>
                <span className="palette-detail">{detail}</span>
                {keys === undefined ? null : (
                  <span className="palette-keys" aria-hidden="true">
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </span>
                )}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}

function countOf(sections: readonly Section[]): number {
  return sections.reduce((sum, { entries }) => sum + entries.length, 0);
}
