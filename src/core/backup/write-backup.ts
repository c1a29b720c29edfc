/** Owns the making of a backup: everything is copied aside as it is at one instant, listed with its hashes, and written as one file that appears whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { create } from 'tar';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { copyDatabase, inspectDatabase } from '../store/sqlite/copy-database.ts';
import { deriveKey, encrypts, newEncryption } from './backup-cipher.ts';
import { type BackupManifest, contentNames, DATABASE, MANIFEST, type ManifestFile } from './backup-contents.ts';
import { type BackupHeader, headerFrame, trailerFrame } from './backup-frame.ts';
import { syncFolder } from './sync-folder.ts';

export interface BackupRequest {
  readonly home: string;
  /** The file to write; it must not exist. */
  readonly file: string;
  /** Milliseconds UTC. */
  readonly now: number;
  /** Version of this program. */
  readonly claw: string;
  readonly scheduled: boolean;
  /** Encrypts with it; undefined: the backup is not encrypted, and holds no secrets. */
  readonly passphrase: string | undefined;
  readonly includeSecrets: boolean;
  /** The text of a settings file without the values of secrets. */
  readonly withoutSecrets: (name: 'config.json' | '.env', text: string) => string;
  readonly signal: AbortSignal;
  /** What is being done, and how much of it, 0 to 1. */
  readonly onProgress?: (step: string, share: number) => void;
}

export interface WrittenBackup {
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, hexadecimal. */
  readonly sha256: string;
  readonly schema: number;
  readonly files: number;
  readonly encrypted: boolean;
  /** Paths that were left out because they are neither files nor folders. */
  readonly skipped: readonly string[];
}

/** Free space is asked for beyond twice the size of the database, in bytes. */
const SPARE_BYTES = 64 * 1024 * 1024;
/** Zstandard's fastest level that still halves text; the database is the bulk. */
const LEVEL = 3;

/** Writes a backup. Throws `conflict` when the file exists, `limit-reached` when the disk is too full, `cancelled`. What was begun and did not come to its end is taken away. */
export async function writeBackup(request: BackupRequest): Promise<WrittenBackup> {
  const folder = dirname(request.file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseExisting(request.file);
  await requireSpace(request.home, folder);
  const aside = join(folder, `.tmp-${randomUUID()}`);
  const fresh = `${aside}.part`;
  await mkdir(aside, { mode: 0o700 });
  try {
    const { manifest, skipped } = await gather(request, aside);
    const written = await writeArchive(request, manifest, aside, fresh);
    await rename(fresh, request.file);
    await syncFolder(folder);
    const counts = { files: manifest.files.length, schema: manifest.schema, skipped };
    return { file: request.file, ...written, ...counts, encrypted: request.passphrase !== undefined };
  } finally {
    await rm(aside, { recursive: true, force: true });
    await rm(fresh, { force: true });
  }
}

async function refuseExisting(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found !== undefined) throw new ClawError('conflict', phrase('fileExists', file), { hint: 'Name another file.' });
}

async function requireSpace(home: string, folder: string): Promise<void> {
  const { size } = await stat(join(home, DATABASE)).catch(() => ({ size: 0 }));
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [size * 2 + SPARE_BYTES, bavail * bsize];
  if (free >= needed) return;
  const inMb = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
  throw new ClawError(
    'limit-reached',
    `A backup needs ${inMb(needed)} MB in ${folder}, and ${inMb(free)} MB are free.`,
    {
      hint: 'Take old ones away with `claw backup prune`, or set BACKUP_DIR to another disk.',
    },
  );
}

/** Secrets leave the home encrypted or not at all. */
const holdsSecrets = ({ includeSecrets, passphrase }: BackupRequest): boolean =>
  includeSecrets && passphrase !== undefined;

/** Copies the home into `aside` and lists what it copied. */
async function gather(request: BackupRequest, aside: string): Promise<{ manifest: BackupManifest; skipped: string[] }> {
  const { home, signal, onProgress } = request;
  const skipped: string[] = [];
  const paths: string[] = [];
  // The note of the audit trail before the database: it must never tell of rows that the copy does not have.
  for (const name of contentNames(holdsSecrets(request)).filter((each) => each !== DATABASE)) {
    await copyTree(request, aside, name, { paths, skipped });
  }
  const copying = (done: { pages: number; total: number }): void => onProgress?.('copying', done.pages / done.total);
  await copyDatabase(join(home, DATABASE), join(aside, DATABASE), { signal, onProgress: copying });
  await chmod(join(aside, DATABASE), 0o600);
  const { schema, rows, integrity } = inspectDatabase(join(aside, DATABASE), { isThorough: false });
  if (integrity !== 'ok') throw new ClawError('data-invalid', `The database is damaged: ${integrity}.`);
  const files: ManifestFile[] = [];
  for (const path of [DATABASE, ...paths].toSorted()) files.push(await describe(aside, path, signal));
  const createdAt = new Date(request.now).toISOString();
  return { manifest: { version: 1, created_at: createdAt, claw: request.claw, schema, files, rows }, skipped };
}

interface Found {
  readonly paths: string[];
  readonly skipped: string[];
}

/** Copies a file or a folder; links, sockets and the like are named as left out, what vanishes meanwhile is not. */
async function copyTree(request: BackupRequest, aside: string, path: string, found: Found): Promise<void> {
  request.signal.throwIfAborted();
  const source = join(request.home, path);
  const info = await lstat(source).catch(() => undefined);
  if (info === undefined) return;
  if (info.isDirectory()) {
    const names = await readdir(source);
    for (const name of names.toSorted()) await copyTree(request, aside, `${path}/${name}`, found);
  } else if (info.isFile()) {
    await mkdir(dirname(join(aside, path)), { recursive: true, mode: 0o700 });
    if (await copyContent(request, path, join(aside, path))) found.paths.push(path);
  } else found.skipped.push(path);
}

async function copyContent(request: BackupRequest, path: string, to: string): Promise<boolean> {
  const source = join(request.home, path);
  const isStripped = !holdsSecrets(request) && (path === 'config.json' || path === '.env');
  try {
    if (isStripped) {
      await writeFile(to, request.withoutSecrets(path, await readFile(source, 'utf8')), { mode: 0o600 });
    } else await copyFile(source, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function describe(folder: string, path: string, signal: AbortSignal): Promise<ManifestFile> {
  const { size, mode } = await stat(join(folder, path));
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, path)), hash, { signal });
  return { path, bytes: size, sha256: hash.digest('hex'), mode: mode & 0o777 };
}

async function writeArchive(
  request: BackupRequest,
  manifest: BackupManifest,
  aside: string,
  fresh: string,
): Promise<{ bytes: number; sha256: string }> {
  const { signal, passphrase, onProgress } = request;
  const contentBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const encryption = passphrase === undefined ? null : newEncryption();
  const header: BackupHeader = {
    format: 'claw-backup',
    version: 1,
    created_at: manifest.created_at,
    claw: request.claw,
    schema: manifest.schema,
    content_bytes: contentBytes,
    scheduled: request.scheduled,
    secrets: holdsSecrets(request),
    encryption,
  };
  await writeFile(join(aside, MANIFEST), `${JSON.stringify(manifest)}\n`, { mode: 0o600 });
  const names = [MANIFEST, ...manifest.files.map(({ path }) => path)];
  const tar = create({ cwd: aside, portable: true, noDirRecurse: true, strict: true }, names);
  const begin = headerFrame(header);
  const hash = createHash('sha256').update(begin);
  let packed = 0;
  const compressed = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const key = encryption === null || passphrase === undefined ? undefined : await deriveKey(passphrase, encryption);
  const counted = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      packed += chunk.length;
      onProgress?.('packing', Math.min(1, packed / (contentBytes + 1)));
      yield chunk;
    }
  };
  const framed = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    yield begin;
    for await (const chunk of source) {
      hash.update(chunk);
      yield chunk;
    }
    yield trailerFrame(hash.digest());
  };
  const file = createWriteStream(fresh, { flags: 'wx', mode: 0o600, flush: true });
  const source = Readable.from(tar as AsyncIterable<Buffer>, { objectMode: false });
  if (key === undefined) await pipeline(source, counted, compressed, framed, file, { signal });
  else await pipeline(source, counted, compressed, encrypts(key, begin), framed, file, { signal });
  return { bytes: (await stat(fresh)).size, sha256: await hashOf(fresh, signal) };
}

async function hashOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/** `claw-20260102T030405Z.tar.zst`; an encrypted one ends in `.enc`. */
export function backupName(now: number, isEncrypted: boolean): string {
  const instant = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return basename(`claw-${instant}.tar.zst${isEncrypted ? '.enc' : ''}`);
}
