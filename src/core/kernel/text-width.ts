/** Owns how many terminal columns text takes: by grapheme, East Asian wide characters and emoji as two. The same rules as the renderer's, so that no line is wrapped twice. */
import { eastAsianWidth } from 'get-east-asian-width';
import { once } from './lazy.ts';

const ASCII = /^[\x20-\x7e]*$/;
// Made at first use, the patterns from text: each takes 5 to 10 ms to load, even as a literal that never runs, and plain ASCII needs none.
const segmenter = once(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));
const visible = once(
  () =>
    new RegExp(
      String.raw`[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]`,
      'v',
    ),
);
const emoji = once(() => new RegExp(String.raw`^(?:\p{RGI_Emoji}|[\d#*]\u20e3)$`, 'v'));
const PICTOGRAPHS = /\p{Extended_Pictographic}.*\u200d.*\p{Extended_Pictographic}/su;
/** Marks that take room of their own, and half- or full-width forms inside a cluster. */
const SPACING = /[\p{Spacing_Mark}\uff00-\uffef]/gu;

/** The graphemes of `text`, in order. */
export function graphemes(text: string): string[] {
  return ASCII.test(text) ? [...text] : Array.from(segmenter().segment(text), ({ segment }) => segment);
}

/** Columns `text` takes on one line. Control characters take none. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter().segment(text)) width += graphemeWidth(segment);
  return width;
}

/** Columns of one grapheme: 0, 1 or 2; a few clusters of Indic and half-width marks take more. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= ' ' && grapheme <= '~') return 1;
  const first = visible().exec(grapheme);
  if (first === null) return 0;
  if (grapheme.length > 1 && grapheme.length <= 50 && (emoji().test(grapheme) || PICTOGRAPHS.test(grapheme))) return 2;
  let width: number = eastAsianWidth(first[0].codePointAt(0) ?? 0);
  const rest = grapheme.slice(first.index + first[0].length);
  if (rest !== '') for (const [mark] of rest.matchAll(SPACING)) width += eastAsianWidth(mark.codePointAt(0) ?? 0);
  return width;
}

/** `text` cut to at most `width` columns; an ellipsis takes the last one when something was cut. */
export function truncate(text: string, width: number): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    const next = graphemeWidth(grapheme);
    if (used + next > width - 1) break;
    kept += grapheme;
    used += next;
  }
  return `${kept}…`;
}
