/** Owns telling in the language of the page why a message wakes the assistant or not. Pure. Source of the reasons: src/core/conversations/trigger.ts. */
import type { Texts } from '../../language/texts.ts';

const FORMS: readonly (readonly [RegExp, (why: Texts['channels']['why'], part: string) => string])[] = [
  [/^the assistant is mentioned$/, (why) => why.mention],
  [/^it replies to the assistant$/, (why) => why.reply],
  [/^the room needs no trigger$/, (why) => why.noTrigger],
  [/^the text begins with (.*)$/s, (why, name) => why.begins(name)],
  [/^the text does not begin with (.*)$/s, (why, name) => why.notBegins(name)],
  [/^the text matches the pattern (.*)$/s, (why, pattern) => why.matches(pattern)],
  [/^the text does not match the pattern (.*)$/s, (why, pattern) => why.notMatches(pattern)],
];

/** A reason that is not known here stays as the server wrote it. */
export function reasonInWords({ why }: Pick<Texts['channels'], 'why'>, reason: string): string {
  for (const [form, tell] of FORMS) {
    const match = form.exec(reason);
    if (match !== null) return tell(why, match[1] ?? '');
  }
  return reason;
}
