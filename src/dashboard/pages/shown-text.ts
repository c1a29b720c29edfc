/** Owns that signs which nobody sees, and those that turn the direction of a line, are seen where it matters who did what. Pure. */

const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** The text with every such sign as its number: `U+202E`. */
export function shownText(text: string): string {
  return text.replaceAll(
    UNSEEN,
    (sign) => `[U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
