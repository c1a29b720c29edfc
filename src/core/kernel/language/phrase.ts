/** Owns a sentence that core says: in English at once, with its key and values, so that a surface can say it in another language. */
import { ENGLISH_PHRASES } from './english-phrases.ts';

/** The sentences of core in one language. */
export type Phrases = Texts<typeof ENGLISH_PHRASES>;
export type PhraseKey = keyof Phrases;

/** The shape of a catalogue: its keys, and what each text is made of. */
export type Texts<T> = {
  readonly [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Texts<T[Key]>;
};

export interface Phrase {
  /** English: what JSON, the log and the model get. */
  readonly text: string;
  readonly key: PhraseKey;
  readonly values: readonly PhraseValue[];
}

export type PhraseValue = string | number | undefined | Phrase;

/** What a phrase is made of; a text may be a phrase itself. */
type ValuesOf<Key extends PhraseKey> = Phrases[Key] extends (...values: infer Values) => string
  ? { [At in keyof Values]: string extends Values[At] ? Values[At] | Phrase : Values[At] }
  : [];

/** The phrase `key` about `values`. */
export function phrase<Key extends PhraseKey>(key: Key, ...values: ValuesOf<Key>): Phrase {
  const given = values as readonly PhraseValue[];
  return { text: say(ENGLISH_PHRASES, key, given), key, values: given };
}

/** `said` in the language of `phrases`; a text stays as it is. */
export function inWords(said: Phrase | string, phrases: Phrases): string {
  return typeof said === 'string' ? said : say(phrases, said.key, said.values);
}

function say(phrases: Phrases, key: PhraseKey, values: readonly PhraseValue[]): string {
  const text = phrases[key] as string | ((...spoken: unknown[]) => string);
  if (typeof text === 'string') return text;
  return text(...values.map((value) => (typeof value === 'object' ? inWords(value, phrases) : value)));
}
