/** Owns how a phrase becomes a notice of a turn. */
import type { Notice } from '../events.ts';
import type { Phrase } from './phrase.ts';

/** The notice that says `phrase`; `code` is what programs know it by. */
export function noticeOf(level: Notice['level'], code: string, phrase: Phrase): Notice {
  return { type: 'notice', level, code, text: phrase.text, phrase };
}
