/** Owns the writing into the folder of tools: a version's bytes as a whole file, never a part of it and never over a tool of another name. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceText } from '../source/read-source.ts';
import { readToolFolder, sha256 } from './tool-folder.ts';

interface Placed {
  readonly hash: string;
  readonly source: string;
  readonly file: string;
}

/** Puts the version where its file belongs, unless its bytes are in the folder already. */
export function placeToolFile(folder: string, { hash, source, file }: Placed): void {
  if (readToolFolder(folder).files.some((each) => each.hash === hash)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${randomUUID()}.tmp`);
  try {
    writeFileSync(draft, source, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(draft, join(folder, file));
  } finally {
    rmSync(draft, { force: true });
  }
}

interface NamedSource extends SourceText {
  readonly name: string;
}

/** The file for a tool of this name: that of its former version, else one that is free. */
export function fileForTool(
  folder: string,
  { name, source, language }: NamedSource,
  former: string | undefined,
): string {
  const taken = readToolFolder(folder);
  const isFree = (file: string): boolean => [...taken.files, ...taken.unreadable].every((each) => each.file !== file);
  if (former !== undefined) return former;
  const file = `${name}.${language}`;
  return isFree(file) ? file : `${name}-${sha256(source).slice(0, 8)}.${language}`;
}
