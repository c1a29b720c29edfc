/** Owns which language people are spoken to in. Pure: settings and environment are read elsewhere. */

export type Language = 'en' | 'ko';

const LANGUAGES: readonly Language[] = ['en', 'ko'];

/** Variables that name the locale of messages, strongest first. POSIX.1-2024, 8.2. */
const LOCALE_VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/** The language of `setting` (CLAW_LANG), else that of the locale in `environment`, else English. */
export function chooseLanguage(
  setting: Language | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = LOCALE_VARIABLES.map((name) => environment[name]?.trim() ?? '').find((each) => each !== '');
  return setting ?? languageOf(locale ?? '') ?? 'en';
}

/** The language of a locale (`ko_KR.UTF-8`) or of a language tag (`ko-KR`); undefined for one that claw does not speak. */
export function languageOf(locale: string): Language | undefined {
  const name = /^([a-z]+)(?:[_.@-]|$)/i.exec(locale.trim())?.[1]?.toLowerCase();
  return LANGUAGES.find((each) => each === name);
}
