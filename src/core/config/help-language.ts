/** Owns the language of help before anything of claw is loaded, for bin/claw.js: the environment alone is read, and files only looked through. Imports next to nothing. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chooseLanguage, type Language, languageOf } from '../kernel/language/choose-language.ts';

/** The language of help; undefined where a file or a word on the command line may say otherwise, so that the settings must be read. */
export function helpLanguage(words: readonly string[]): Language | undefined {
  const chosen = process.env['CLAW_LANG']?.trim() ?? '';
  if (chosen !== '') return chosen.length === 2 ? languageOf(chosen) : undefined;
  if (words.some((word) => word.startsWith('--home'))) return undefined;
  const home = process.env['CLAW_HOME'] ?? join(homedir(), '.claw');
  const files = ['.env', join(home, '.env'), join(home, 'config.json')];
  return files.some(speaksOfLanguage) ? undefined : chooseLanguage(undefined, process.env);
}

function speaksOfLanguage(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes('CLAW_LANG');
  } catch {
    return false;
  }
}
