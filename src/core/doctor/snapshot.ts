/** Owns the copy that is made before anything of a home is mended: the database and the files of settings, never a secret. */
import { copyFile, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stripSettings } from '../config/strip-settings.ts';
import { ClawError } from '../kernel/errors.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { copyDatabase } from '../store/sqlite/copy-database.ts';

/** Free space that must be left beside the copy, in bytes. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** Copies what a repair may change into a folder of its own below `backups` and returns its path. Throws `limit-reached` when the disk is too full; nothing is left of what was begun. */
export async function takeSnapshot(paths: HomePaths, now: number): Promise<string> {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const folder = await freeFolder(join(paths.backups, `before-fix-${stamp}`));
  try {
    await requireSpace(paths);
    await copyStore(paths, folder);
    for (const file of [paths.models, paths.instruction]) await copyIfThere(file, join(folder, basename(file)));
    const config = await readFile(paths.config, 'utf8').catch(() => undefined);
    if (config !== undefined)
      await writeFile(join(folder, basename(paths.config)), stripSettings('config.json', config), { mode: 0o600 });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function freeFolder(wanted: string): Promise<string> {
  await mkdir(join(wanted, '..'), { recursive: true, mode: 0o700 });
  for (let number = 1; ; number += 1) {
    const folder = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      await mkdir(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function requireSpace({ database, backups }: HomePaths): Promise<void> {
  const { size } = await stat(database).catch(() => ({ size: 0 }));
  const { bavail, bsize } = await statfs(backups);
  if (bavail * bsize >= size + SPARE_BYTES) return;
  throw new ClawError('limit-reached', 'There is no room for a copy of the database, so nothing was changed.', {
    hint: 'Free some space first: see "claw doctor --only disk-space".',
  });
}

/** By SQLite where it can read the database; a damaged one as its bytes. */
async function copyStore({ database }: HomePaths, folder: string): Promise<void> {
  if ((await stat(database).catch(() => undefined)) === undefined) return;
  const copy = join(folder, basename(database));
  try {
    await copyDatabase(database, copy);
  } catch {
    for (const end of ['', '-wal', '-shm']) await copyIfThere(`${database}${end}`, `${copy}${end}`);
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
