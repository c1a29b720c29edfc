/** Owns small things that the readers of flux-openclaw share: JSON files, hashes in names, times that were written by a local clock. */
import { createHash } from 'node:crypto';
import { instantOf } from '../foreign-values.ts';
import type { Source } from '../reader.ts';

/** What a JSON file holds; undefined when there is none, and told when it is damaged. */
export async function readJsonFile({ files, tell }: Source, path: string, maxBytes: number): Promise<unknown> {
  const text = await files.text(path, maxBytes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    tell(path, 'it is damaged JSON and was not read');
    return undefined;
  }
}

/** Twelve hexadecimal digits that tell a content from others. */
export function shortHash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** Milliseconds UTC of a time without an offset, as `datetime.now()` writes it: by the clock of this machine. */
export function localInstantOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(value.trim())) return instantOf(value);
  const at = Date.parse(value.trim().slice(0, 23));
  return Number.isNaN(at) ? undefined : instantOf(at);
}
