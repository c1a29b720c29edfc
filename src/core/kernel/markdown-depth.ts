/** Owns which Markdown is nested beyond sense. */

/** Deeper nesting than anyone reads, and a stack overflow in every parser. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){40}/m;

/** Such text is shown as it is. */
export function isNestedTooDeep(markdown: string): boolean {
  return TOO_DEEP.test(markdown);
}
