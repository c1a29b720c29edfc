/** Owns what people do with backups: make, list, prove, restore, and take away old ones. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { ClawError, toError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type DatabaseFacts, inspectDatabase, isDatabaseOpen } from '../store/sqlite/copy-database.ts';
import { DATABASE } from './backup-contents.ts';
import { isDatabase, takeDatabase } from './database-copy.ts';
import { type BackupHeader, damaged } from './backup-frame.ts';
import { type ArchiveOptions, checkFile, readHeader, unpack } from './read-archive.ts';
import { swapIn } from './restore-backup.ts';
import { backupName, type BackupRequest, writeBackup, type WrittenBackup } from './write-backup.ts';

export interface BackupDeps {
  readonly home: string;
  /** Folder that backups are written to. */
  readonly folder: string;
  readonly claw: string;
  readonly now: () => number;
  readonly withoutSecrets: BackupRequest['withoutSecrets'];
  /** Brings the schema of the database at `file` up to date; throws `data-invalid` for one that is newer than this program. */
  readonly migrate: (file: string, snapshots: string) => Promise<void>;
  /** Takes the lock of the server; undefined when it runs. */
  readonly lock: () => Promise<{ release(): void } | undefined>;
}

export interface CreateOptions extends Pick<BackupRequest, 'scheduled' | 'passphrase' | 'includeSecrets'> {
  /** Where to write it; absent: into the folder of backups, named by its instant. */
  readonly file?: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (step: string, share: number) => void;
}

export interface ListedBackup {
  readonly file: string;
  readonly bytes: number;
  readonly header: BackupHeader;
}

export interface VerifiedBackup {
  readonly file: string;
  readonly sha256: string;
  readonly schema: number;
  readonly files: number;
  readonly rows: number;
}

export interface RestoredBackup extends VerifiedBackup {
  /** Where what was there before is; null for a home that was empty. */
  readonly before: string | null;
}

export type BackupService = ReturnType<typeof createBackups>;

export function createBackups(deps: BackupDeps) {
  return {
    /** Throws `not-found` for a home without a database, and what `writeBackup` throws. */
    create: (options: CreateOptions): Promise<WrittenBackup> => createBackup(deps, options),
    /** Those in the folder of backups, newest first. */
    list: (): Promise<ListedBackup[]> => list(deps.folder),
    /** Proves a backup by restoring it aside. Throws `not-found`, `data-invalid`, `auth-missing`, `auth-rejected`. */
    verify: (file: string, options: ArchiveOptions): Promise<VerifiedBackup> => verify(deps, file, options),
    /** Puts a backup in the place of the home. Throws `locked` while somebody uses that, and what `verify` throws. */
    restore: (file: string, options: ArchiveOptions): Promise<RestoredBackup> => restore(deps, file, options),
    /** Takes away all but the newest `keep`; `isTrial`: only says which. */
    async prune(keep: number, isTrial = false): Promise<string[]> {
      const old = (await list(deps.folder)).slice(keep).map(({ file }) => file);
      if (!isTrial) for (const file of old) await rm(file, { force: true });
      return old;
    },
    /** A file by its path, or by its name in the folder of backups. */
    async find(name: string): Promise<string> {
      const inFolder = join(deps.folder, name);
      const isPlain = !isAbsolute(name) && !name.includes('/');
      if (isPlain && (await stat(inFolder).catch(() => undefined)) !== undefined) return inFolder;
      return resolve(name);
    },
  };
}

async function createBackup(deps: BackupDeps, options: CreateOptions): Promise<WrittenBackup> {
  const { home, folder, claw, withoutSecrets } = deps;
  if ((await stat(join(home, DATABASE)).catch(() => undefined)) === undefined) {
    throw new ClawError('not-found', `There is nothing in ${home} to back up yet.`, { hint: 'Begin with: claw chat' });
  }
  if (options.includeSecrets && options.passphrase === undefined) {
    throw new ClawError('usage-invalid', 'Secrets are backed up encrypted or not at all.', {
      hint: 'Set a pass-phrase: claw secret set BACKUP_PASSPHRASE',
    });
  }
  const now = deps.now();
  await sweep(folder, now);
  const file = options.file ?? (await freeFile(folder, backupName(now, options.passphrase !== undefined)));
  return writeBackup({ ...options, home, claw, withoutSecrets, now, file: resolve(file) }).catch((error: unknown) => {
    options.signal.throwIfAborted();
    throw error;
  });
}

/** Two of one second are told apart by a number. */
async function freeFile(folder: string, name: string): Promise<string> {
  const [stem, ...rest] = name.split('.');
  for (let number = 1; ; number += 1) {
    const file = join(folder, number === 1 ? name : [`${stem}-${number}`, ...rest].join('.'));
    if ((await stat(file).catch(() => undefined)) === undefined) return file;
  }
}

const NAME = /^claw-\d{8}T\d{6}Z(?:-\d+)?\.tar\.zst(?:\.enc)?$/;

async function list(folder: string): Promise<ListedBackup[]> {
  const names = await readdir(folder).catch(() => []);
  const found: ListedBackup[] = [];
  for (const name of names.filter((each) => NAME.test(each))) {
    const file = join(folder, name);
    const read = await readHeader(file).catch(() => undefined);
    if (read !== undefined) found.push({ file, ...read });
  }
  const at = ({ header, file }: ListedBackup): string => `${header.created_at} ${file}`;
  return found.toSorted((a, b) => (at(a) < at(b) ? 1 : -1));
}

const LEFTOVER = /^\.tmp-[0-9a-f-]{36}(?:\.part)?$/;
const LEFTOVER_AGE_MS = 24 * 60 * 60_000;

/** Takes away what killed backups left more than a day ago. */
async function sweep(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!LEFTOVER.test(name)) continue;
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > LEFTOVER_AGE_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function verify(deps: BackupDeps, file: string, options: ArchiveOptions): Promise<VerifiedBackup> {
  await mkdir(deps.folder, { recursive: true, mode: 0o700 });
  const scratch = join(deps.folder, `.tmp-${randomUUID()}`);
  await mkdir(scratch, { mode: 0o700 });
  try {
    return await prove(deps, file, scratch, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Unpacks into `into` and has the database looked at and brought up to date. */
async function prove(deps: BackupDeps, file: string, into: string, options: ArchiveOptions): Promise<VerifiedBackup> {
  if (await isDatabase(file)) return proveDatabase(deps, file, into, options.signal);
  const sha256 = await checkFile(file, options);
  const manifest = await unpack(file, into, options);
  const database = join(into, DATABASE);
  const { schema, integrity, rows } = look(database, file);
  if (integrity !== 'ok') throw new ClawError('data-invalid', `The database in ${file} is damaged: ${integrity}.`);
  const isSame = JSON.stringify(Object.entries(rows)) === JSON.stringify(Object.entries(manifest.rows));
  if (schema !== manifest.schema || !isSame) {
    throw new ClawError('data-invalid', `The database in ${file} holds other rows than were backed up.`);
  }
  await deps.migrate(database, into);
  const count = Object.values(rows).reduce((sum, each) => sum + each, 0);
  return { file, sha256, schema, files: manifest.files.length, rows: count };
}

/** A copy of the database alone, as an upgrade leaves it: the rest of the home stays. The note of how far the trail had come is of later, and goes away with the database. */
async function swapOptions(file: string): Promise<{ secrets: boolean; only?: readonly string[] }> {
  if (await isDatabase(file)) return { secrets: false, only: [DATABASE, 'audit.anchor'] };
  const { header } = await readHeader(file);
  return { secrets: header.secrets };
}

/** As `prove`, for a database alone. */
async function proveDatabase(
  deps: BackupDeps,
  file: string,
  into: string,
  signal: AbortSignal,
): Promise<VerifiedBackup> {
  const database = join(into, DATABASE);
  const sha256 = await takeDatabase(file, database, signal);
  const { schema, integrity, rows } = look(database, file);
  if (integrity !== 'ok') throw new ClawError('data-invalid', `The database in ${file} is damaged: ${integrity}.`);
  await deps.migrate(database, into);
  return { file, sha256, schema, files: 1, rows: Object.values(rows).reduce((sum, each) => sum + each, 0) };
}

/** What is in the unpacked database. Throws `data-invalid` for a file that is none. */
function look(database: string, file: string): DatabaseFacts {
  try {
    return inspectDatabase(database, { isThorough: true });
  } catch (error) {
    throw damaged(file, `its database cannot be read: ${toError(error).message}`);
  }
}

async function restore(deps: BackupDeps, file: string, options: ArchiveOptions): Promise<RestoredBackup> {
  const { home } = deps;
  const isNew = (await stat(join(home, DATABASE)).catch(() => undefined)) === undefined;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const lock = await deps.lock();
  if (lock === undefined) {
    throw new ClawError('locked', phrase('serverRuns'), { hint: phrase('stopServer') });
  }
  const aside = `.restoring-${randomUUID()}`;
  try {
    if (!isNew && isDatabaseOpen(join(home, DATABASE))) {
      throw new ClawError('locked', phrase('homeInUse'), {
        hint: phrase('endChats'),
      });
    }
    await mkdir(join(home, aside), { mode: 0o700 });
    const proved = await prove(deps, file, join(home, aside), options);
    options.signal.throwIfAborted();
    const before = await swapIn(home, aside, { now: deps.now(), ...(await swapOptions(file)) });
    if (isNew) await rm(before, { recursive: true, force: true });
    return { ...proved, before: isNew ? null : before };
  } catch (error) {
    await rm(join(home, aside), { recursive: true, force: true });
    throw error;
  } finally {
    lock.release();
  }
}
