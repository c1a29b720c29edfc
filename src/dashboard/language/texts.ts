/** Owns the shape that the texts of every language have: that of the English ones. */
import type { english } from './english.ts';

type Widened<Text> = Text extends string
  ? string
  : Text extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { readonly [Key in keyof Text]: Widened<Text[Key]> };

export type Texts = Widened<typeof english>;
