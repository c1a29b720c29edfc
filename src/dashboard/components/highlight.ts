/** Owns the colours of code: a tree of classes, never markup. Loaded when the first block of code is seen. */
import { common, createLowlight } from 'lowlight';

const lowlight = createLowlight(common);

export type CodeTree = ReturnType<typeof lowlight.highlight>;

/** Undefined for a language that is not known here. */
export function colourCode(code: string, language: string): CodeTree | undefined {
  return lowlight.registered(language) ? lowlight.highlight(language, code) : undefined;
}
