/** Owns putting drawn lines on the screen. They already fit; nothing is wrapped again. */
import { Text } from 'ink';
import { toAnsi, type Line } from '../styled-text.ts';

/** `lines` as text; an empty line keeps its row. */
export function Lines({ lines, colors }: { readonly lines: readonly Line[]; readonly colors: boolean }) {
  if (lines.length === 0) return null;
  return <Text wrap="truncate">{lines.map((line) => toAnsi(line, colors) || ' ').join('\n')}</Text>;
}
