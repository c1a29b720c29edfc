/** Owns which words help is shown in: English is there, another language comes at its first use. */
import type { Language } from '../../core/kernel/language/choose-language.ts';
import { ENGLISH_HELP, type HelpWords } from './help-words.ts';

export async function helpWords(language: Language): Promise<HelpWords> {
  return language === 'en' ? ENGLISH_HELP : (await import('./korean-help.ts')).KOREAN_HELP;
}
