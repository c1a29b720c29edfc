/** Owns which catalogue is loaded: English is there, another one comes at its first use. */
import { type Catalogue, ENGLISH } from './catalogue.ts';
import type { Language } from './choose-language.ts';

/** The texts of `language`. */
export async function loadCatalogue(language: Language): Promise<Catalogue> {
  return language === 'en' ? ENGLISH : (await import('./korean.ts')).KOREAN;
}
