/** Owns what a light form is: a clause that is known word for word but for its topic. */
import { whyNoKoreanName, whyNoName, whyNoTopic } from './topic.ts';

export interface Form {
  /** What is told as the reason. */
  readonly name: string;
  /** The whole clause. Groups `topic` and `other` are topics; `bare` and, in Korean, `name` name something. */
  readonly pattern: RegExp;
  /** Most words of a topic; 4 when absent. */
  readonly most?: number;
  /** Any of these is in the clause; a cheap look before its pattern is compiled. */
  readonly needs?: readonly string[];
  /** It works on text that comes with the request: `quote` in the clause, `given` behind a colon, `either`. */
  readonly text?: 'given';
}

export type Fit = { readonly isFit: true } | { readonly isFit: false; readonly why: string };

/** Whether a clause has that form; undefined when not, and why not when its topic stands against it. */
export function fit(form: Form, clause: string): Fit | undefined {
  if (form.needs?.some((each) => clause.includes(each)) === false) return undefined;
  const found = form.pattern.exec(clause);
  if (found === null) return undefined;
  const { most = 4 } = form;
  const { topic, other, bare, name } = found.groups ?? {};
  // A particle may be the end of the word: what is looked at is the word and what it was taken for.
  const korean = topic ?? name;
  const word = korean === undefined || !/[가-힣]/.test(korean) ? undefined : wholeWord(clause, korean);
  const why =
    (topic === undefined ? undefined : whyNoTopic(topic, most)) ??
    (word === undefined ? undefined : whyNoTopic(word, most)) ??
    (other === undefined ? undefined : whyNoTopic(other, most)) ??
    (bare === undefined ? undefined : whyNoName(bare, most)) ??
    (name === undefined ? undefined : whyNoKoreanName(name, most));
  return why === undefined ? { isFit: true } : { isFit: false, why };
}

/** `topic` to the end of its last word. */
function wholeWord(clause: string, topic: string): string {
  const from = clause.indexOf(topic);
  const end = clause.indexOf(' ', from + topic.length);
  return clause.slice(from, end === -1 ? undefined : end);
}
