/** Owns the copy of a store that an upgrade of its schema leaves behind, so that one can go back: written aside, and under its name only when it is whole on the disk. */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { ClawError, toError } from '../../kernel/errors.ts';

interface SnapshotRequest {
  readonly folder: string;
  /** Schema versions. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds UTC. */
  readonly now: number;
}

/** Held by the process that upgrades. Throws what `writeSnapshot` throws when the folder cannot be made. */
export function upgradeLock(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return join(folder, '.upgrade.lock');
}

/** Copies the store, and takes away copies that earlier tries of the same upgrade left. Throws `limit-reached` without room on the disk, `permission-denied` for a folder that cannot be written to. */
export function writeSnapshot(database: Sqlite.Database, { folder, from, to, now }: SnapshotRequest): void {
  requireRoom(database, folder);
  const aside = join(folder, `.tmp-${randomUUID()}`);
  const name = `before-migration-${from}-to-${to}-${now}-${process.pid}.db`;
  try {
    database.prepare('VACUUM INTO ?').run(aside);
    chmodSync(aside, 0o600);
    sync(aside);
    renameSync(aside, join(folder, name));
    sync(folder);
  } catch (error) {
    rmSync(aside, { force: true });
    throw unwritable(folder, error);
  }
  for (const old of snapshotsIn(folder))
    if (old.from === from && old.name !== name) rmSync(join(folder, old.name), { force: true });
}

/** Name of the newest copy with a schema of at most `newest`. */
export function newestSnapshot(folder: string, newest: number): string | undefined {
  const known = snapshotsIn(folder).filter(({ from }) => from <= newest);
  return known.toSorted((a, b) => b.at - a.at)[0]?.name;
}

const NAME = /^before-migration-(\d+)-to-\d+-(\d+)-\d+\.db$/;

function snapshotsIn(folder: string): { name: string; from: number; at: number }[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => {
    const found = NAME.exec(name);
    return found === null ? [] : [{ name, from: Number(found[1]), at: Number(found[2]) }];
  });
}

function requireRoom(database: Sqlite.Database, folder: string): void {
  const bytes =
    (database.pragma('page_count', { simple: true }) as number) *
    (database.pragma('page_size', { simple: true }) as number);
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= bytes) return;
  throw new ClawError(
    'limit-reached',
    `The copy before the upgrade takes ${bytes} bytes in ${folder}; ${bavail * bsize} are free. Nothing was changed.`,
    {
      hint: 'Make room on that disk, then start claw again.',
    },
  );
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);

function unwritable(folder: string, cause: unknown): ClawError {
  const { message } = toError(cause);
  const isFull = FULL.has((cause as NodeJS.ErrnoException).code ?? '');
  return new ClawError(
    isFull ? 'limit-reached' : 'permission-denied',
    `The copy before the upgrade could not be written to ${folder}: ${message}. Nothing was changed.`,
    {
      hint: isFull
        ? 'Make room on that disk, then start claw again.'
        : 'Make that folder writable, then start claw again.',
      cause,
    },
  );
}
