/** Owns what a person chose for this browser: the theme and the language. Kept in the browser alone. */
import { type Language, preferredLanguage } from './language/use-texts.ts';

export type Theme = 'light' | 'dark' | 'system';

const THEME = 'claw-theme';
const LANGUAGE = 'claw-language';
const WAY = 'claw-way-in';

export function readTheme(): Theme {
  const kept = read(THEME);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

/** Keeps it, and shows it at once. */
export function applyTheme(theme: Theme): void {
  write(THEME, theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  window.dispatchEvent(new Event(THEME));
}

/** What is shown now, also where nothing could be kept. */
export function shownTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** Calls `onChange` when a theme was chosen, until what it gives is called. */
export function followTheme(onChange: () => void): () => void {
  window.addEventListener(THEME, onChange);
  return () => window.removeEventListener(THEME, onChange);
}

export function readLanguage(): Language {
  const kept = read(LANGUAGE);
  return kept === 'ko' || kept === 'en' ? kept : preferredLanguage(navigator.languages);
}

export function keepLanguage(language: Language): void {
  write(LANGUAGE, language);
}

/** Whether a card of this name was put away in this browser. */
export function readHidden(name: string): boolean {
  return read(`claw-hidden-${name}`) === 'yes';
}

export function keepHidden(name: string): void {
  write(`claw-hidden-${name}`, 'yes');
}

/** How somebody signed in here last: never who, never with what. */
export function readWay(): string | null {
  return read(WAY);
}

export function keepWay(way: string): void {
  write(WAY, way);
}

/** A browser may forbid its storage; then a choice lasts as long as the page. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Nothing depends on it.
  }
}
