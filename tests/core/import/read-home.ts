/** Runs a reader over a folder and gathers what it finds. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImportedItem, ImportKind, TakenItem } from '../../../src/core/import/imported.ts';
import { openSource } from '../../../src/core/import/open-source.ts';
import type { Reader } from '../../../src/core/import/reader.ts';

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'claw-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Findings {
  readonly items: readonly ImportedItem[];
  /** `path: why` of what was told. */
  readonly told: readonly string[];
  of<Kind extends ImportKind>(kind: Kind): Extract<TakenItem, { kind: Kind }>[];
  /** `kind sourceId: reason`. */
  readonly skipped: readonly string[];
}

/** What `reader` finds in `folder`, which is the same afterwards, byte for byte. */
export async function readHome(
  reader: Reader,
  folder: string,
  signal = new AbortController().signal,
): Promise<Findings> {
  const before = await bytesOf(folder);
  const told: string[] = [];
  const items: ImportedItem[] = [];
  await using source = await openSource(folder, {
    scratch: await emptyFolder(),
    tell: (path, why) => told.push(`${path}: ${why}`),
  });
  for await (const item of reader.read(source, { maxFileBytes: 1024 * 1024 }, signal)) items.push(item);
  if (before !== (await bytesOf(folder))) throw new Error('the reader changed the folder');
  for (const item of items) if (item.kind === 'remark') told.push(item.text);
  return {
    items,
    told,
    of: (kind) => items.filter((item) => item.kind === kind) as never,
    skipped: items.flatMap((item) => (item.kind === 'skipped' ? [`${item.of} ${item.sourceId}: ${item.reason}`] : [])),
  };
}

/** Names, sizes and content of every regular file. */
async function bytesOf(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).toSorted();
  const files = await Promise.all(
    names.map(async (name) => {
      const facts = await stat(join(folder, name)).catch(() => undefined);
      return facts?.isFile() === true ? `${name} ${(await readFile(join(folder, name))).toString('base64')}` : name;
    }),
  );
  return files.join('\n');
}
