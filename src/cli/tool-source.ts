/** Owns where a tool named on the command line is read: a file that exists, else a tool of that name. */
import { readFile } from 'node:fs/promises';
import type { ToolAdmin } from '../core/tools/registry/tool-admin.ts';

export interface NamedSource {
  readonly source: string;
  /** A name with the ending of its language. */
  readonly file: string;
}

/** Throws `not-found` when it is neither. */
export async function readToolSource(admin: ToolAdmin, named: string): Promise<NamedSource> {
  const source = await readFile(named, 'utf8').catch(() => undefined);
  if (source !== undefined) return { source, file: named };
  const entry = await admin.find(named);
  if (entry.shipped !== undefined) return { source: await entry.shipped.source(), file: `${entry.name}.ts` };
  const row = (await admin.versions(entry.name)).find(({ id }) => id === entry.head?.id);
  return { source: row?.source ?? '', file: row?.file ?? `${entry.name}.ts` };
}
