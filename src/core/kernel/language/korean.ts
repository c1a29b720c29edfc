/** Owns the Korean catalogue. */
import type { Catalogue } from './catalogue.ts';
import { KOREAN_CHAT } from './korean-chat.ts';
import { KOREAN_CLI } from './korean-cli.ts';
import { KOREAN_HEADINGS } from './korean-headings.ts';
import { KOREAN_MEANINGS } from './korean-meanings.ts';
import { KOREAN_PHRASES } from './korean-phrases.ts';
import { KOREAN_REPL } from './korean-repl.ts';

export const KOREAN: Catalogue = {
  language: 'ko',
  locale: 'ko-KR',
  phrases: KOREAN_PHRASES,
  repl: KOREAN_REPL,
  chat: KOREAN_CHAT,
  cli: KOREAN_CLI,
  headings: KOREAN_HEADINGS,
  meanings: KOREAN_MEANINGS,
};
