/** Owns how texts of strangers are shown where somebody decides on them: nothing in them hides or reorders what is read. */
import type { ReactNode } from 'react';
import { makeVisible } from '../../core/sandbox/exec/show-act.ts';

/** `text` with every character that has no shape of its own, or turns the order of others, as a marked code. Tabs and ends of lines stay. */
export function VisibleText({ text }: { readonly text: string }): ReactNode {
  // Every second part is such a character.
  const parts = text.split(HIDDEN);
  if (parts.length === 1) return text;
  return parts.map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <mark key={at} className="hidden-char">
        {makeVisible(part)}
      </mark>
    ),
  );
}

/** Whether there is such a character in it. */
export function hasHidden(text: string): boolean {
  return new RegExp(HIDDEN).test(text);
}

/** The characters of `makeVisible`, but for tabs and ends of lines. */
const HIDDEN = /((?![\t\n])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs})/u;
