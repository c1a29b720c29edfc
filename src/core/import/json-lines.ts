/** Owns reading JSON that another program wrote: one value of JSON or JSON5, or one value a line. Damage is told as a remark with its place, never thrown. */
import JSON5 from 'json5';
import { toError } from '../kernel/errors.ts';

/** The value; undefined, and told, when the text is neither JSON nor JSON5. The message names a place, never what stands there. */
export function readJson(text: string, tell: (why: string) => void): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not plain JSON: comments, trailing commas, names without quotes.
  }
  try {
    return JSON5.parse<unknown>(text);
  } catch (error) {
    const place = / at (\d+:\d+)$/.exec(toError(error).message)?.[1];
    tell(place === undefined ? 'it is damaged JSON' : `it is damaged JSON, at ${place} (line:column)`);
    return undefined;
  }
}

/** The value of each line that is JSON; lines that are none are counted and told once. */
export function readJsonLines(text: string, tell: (why: string) => void): unknown[] {
  const values: unknown[] = [];
  const damaged: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      damaged.push(index + 1);
    }
  }
  const [first] = damaged;
  if (first !== undefined) tell(`${damaged.length} damaged lines were left out, the first is line ${first}`);
  return values;
}
