/** Owns which language the dashboard speaks: what was chosen here, otherwise what the browser asks for. */
import { createContext, use } from 'react';
import { english } from './english.ts';
import type { Texts } from './texts.ts';

export type Language = 'en' | 'ko';

export const TextsContext = createContext<Texts>(english);

export function useTexts(): Texts {
  return use(TextsContext);
}

/** The first of the browser's languages that there is. */
export function preferredLanguage(asked: readonly string[]): Language {
  const found = asked.map((each) => each.slice(0, 2).toLowerCase()).find((each) => each === 'ko' || each === 'en');
  return found === 'ko' ? 'ko' : 'en';
}

/** The second language is loaded only by those who read it. */
export async function loadTexts(language: Language): Promise<Texts> {
  return language === 'ko' ? (await import('./korean.ts')).korean : english;
}
