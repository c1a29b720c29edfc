/** Owns opening the folder that is imported. Databases are copied out before they are opened, so that nothing there is ever written, whoever runs on it. */
import { constants } from 'node:fs';
import { mkdir, open, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { factsAt, inFolder, openFile, type OpenFolder, openRoot } from '../sandbox/file-walk.ts';
import { type ForeignDatabase, openForeignDatabase } from '../store/sqlite/read-foreign-database.ts';
import type { Source } from './reader.ts';
import { openSourceFolder, type TellLeftOut } from './source-folder.ts';

/** Most bytes of one value in a database. */
const MAX_VALUE_BYTES = 8 * 1024 * 1024;
/** A database that is written to meanwhile is copied anew so often. */
const COPY_TRIES = 5;
const COPY_BYTES = 1024 * 1024;
/** Free space that a copy leaves, in bytes. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** Opens the folder at `path` (absolute). `scratch`: an empty folder for copies, which the caller takes away. Throws `sandbox-refused` when it is no folder. */
export async function openSource(
  path: string,
  { scratch, tell }: { readonly scratch: string; readonly tell: TellLeftOut },
): Promise<Source & AsyncDisposable> {
  const files = await openSourceFolder(path, tell);
  const databases = new Map<string, ForeignDatabase>();
  let copies = 0;
  return {
    path,
    files,
    tell,
    async database(target) {
      const facts = await files.facts(target);
      const known = databases.get(target);
      if (facts === undefined || known !== undefined) return known;
      try {
        copies += 1;
        const copy = join(scratch, String(copies));
        await copyDatabase(path, target, copy);
        const database = openForeignDatabase(join(copy, 'db'), { maxBytes: MAX_VALUE_BYTES });
        databases.set(target, database);
        return database;
      } catch (error) {
        tell(target, `it cannot be read: ${toError(error).message}`);
        return undefined;
      }
    },
    async [Symbol.asyncDispose]() {
      for (const database of databases.values()) database.close();
      await files[Symbol.asyncDispose]();
    },
  };
}

/** Copies the database and its log into the new folder `into`, as they are at one instant. Throws `locked` when it never stands still. */
async function copyDatabase(root: string, path: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  await using folder = await openRoot(root);
  await inFolder(folder, parts, false, (parent) => copyQuietly(parent, name, into));
}

/** Copies anew as long as the files change meanwhile. */
async function copyQuietly(from: OpenFolder, name: string, into: string): Promise<void> {
  for (let tries = 1; tries <= COPY_TRIES; tries += 1) {
    const before = await stampOf(from, name);
    await copyFile(from, name, join(into, 'db'));
    const hasLog = (await factsAt(from, `${name}-wal`)) !== undefined;
    if (hasLog) await copyFile(from, `${name}-wal`, join(into, 'db-wal'));
    if (before === (await stampOf(from, name))) return;
  }
  throw new ClawError('locked', 'something writes to it all the time; stop that program and try again.');
}

async function stampOf(folder: OpenFolder, name: string): Promise<string> {
  const facts = [await factsAt(folder, name), await factsAt(folder, `${name}-wal`)];
  return JSON.stringify(facts.map((each) => [each?.inode, each?.size, each?.modifiedAt]));
}

async function copyFile(from: OpenFolder, name: string, to: string): Promise<void> {
  await using source = await openFile(from, name, constants.O_RDONLY);
  await requireSpace(dirname(to), (await source.stat()).size);
  await using target = await open(to, 'w', 0o600);
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    await target.write(buffer, 0, bytesRead, at);
    at += bytesRead;
  }
}

/** A file may say that it is larger than any disk without taking a block of its own. */
async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes + SPARE_BYTES) return;
  throw new ClawError('limit-reached', `it has ${bytes} bytes, and there is no room for a copy of it.`);
}
