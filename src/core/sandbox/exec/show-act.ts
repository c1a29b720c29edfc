/** Owns how an act is shown to the person who approves it: as claw parsed it, with nothing that can hide or reorder text. */

/** Everything that has no shape of its own, or changes the order of what has. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** `text` with every control, bidi, invisible or unusual space character written as `\u{…}`. */
export function makeVisible(text: string): string {
  return text.replaceAll(HIDDEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The same for a text of many lines: tabs and ends of lines stay. */
export function makeLinesVisible(text: string): string {
  return text.replaceAll(/[^\n\t]+/g, makeVisible);
}

/** One line that shows where each argument begins and ends; a word that could be misread is in single quotes. */
export function showCommand(argv: readonly string[]): string {
  return argv.map(showWord).join(' ');
}

function showWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${makeVisible(word).replaceAll("'", String.raw`'\''`)}'`;
}
