/** Owns every text for people in one language, and how an error is told in it. What programs and models read is never taken from here. */
import { ERROR_KINDS, type ClawError, type ErrorCode } from '../errors.ts';
import type { Language } from './choose-language.ts';
import { ENGLISH_CHAT } from './english-chat.ts';
import { ENGLISH_CLI } from './english-cli.ts';
import { ENGLISH_PHRASES } from './english-phrases.ts';
import { ENGLISH_REPL } from './english-repl.ts';
import { inWords, type Phrase, type Phrases, type Texts } from './phrase.ts';

export interface Catalogue {
  readonly language: Language;
  /** For Intl: how numbers and dates are written. */
  readonly locale: string;
  readonly phrases: Phrases;
  readonly repl: Texts<typeof ENGLISH_REPL>;
  readonly chat: Texts<typeof ENGLISH_CHAT>;
  readonly cli: Texts<typeof ENGLISH_CLI>;
  /** Headings of tables by the key of their column; one that is missing is the key. */
  readonly headings: Readonly<Record<string, string>>;
  /** What a code means; undefined where the sentence itself is in this language. */
  readonly meanings: Readonly<Record<ErrorCode, string>> | undefined;
}

export const ENGLISH: Catalogue = {
  language: 'en',
  locale: 'en',
  phrases: ENGLISH_PHRASES,
  repl: ENGLISH_REPL,
  chat: ENGLISH_CHAT,
  cli: ENGLISH_CLI,
  headings: {},
  meanings: undefined,
};

/** What of an error or a notice is told: a sentence, which may be known as a phrase too. */
interface Told {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly phrase?: Phrase | undefined;
  readonly hintPhrase?: Phrase | undefined;
}

/** The sentence of `told` in this language. One that is known in English only follows what its code means. */
export function explain(told: Told | ClawError, { phrases, meanings }: Catalogue): { message: string; hint?: string } {
  const { code, message, hint, phrase, hintPhrase } = told;
  const said = hintPhrase === undefined ? hint : inWords(hintPhrase, phrases);
  const meaning = meanings !== undefined && isErrorCode(code) ? `${meanings[code]} ` : '';
  return {
    message: phrase === undefined ? `${meaning}${message}` : inWords(phrase, phrases),
    ...(said === undefined ? {} : { hint: said }),
  };
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in ERROR_KINDS;
}
