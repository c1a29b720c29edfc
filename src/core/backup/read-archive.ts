/** Owns the reading of a backup: its checksum, its pieces, and the unpacking into an empty folder. What an archive says of itself is believed only where its manifest and its bytes agree; links, devices and paths that lead elsewhere are refused before anything of them is written. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { decrypts, deriveKey } from './backup-cipher.ts';
import { BACKUP_MANIFEST, type BackupManifest, isContentPath, MANIFEST, type ManifestFile } from './backup-contents.ts';
import {
  type BackupHeader,
  damaged,
  HEADER_READ_BYTES,
  readHeaderFrame,
  readTrailerFrame,
  TRAILER_BYTES,
} from './backup-frame.ts';

export interface ArchiveOptions {
  /** Asked for once when the backup is encrypted; undefined: there is none. */
  readonly passphrase: () => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly onProgress?: (step: string, share: number) => void;
}

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** What an archive may unpack to beyond the files of its header: names, padding, the manifest. */
const OVERHEAD_BYTES = 128 * 1024 * 1024;

/** The header of a backup and the size of its file; nothing else is looked at. Throws `not-found`, `data-invalid`. */
export async function readHeader(file: string): Promise<{ header: BackupHeader; bytes: number }> {
  const { frame, size } = await readStart(file);
  return { header: frame.header, bytes: size };
}

async function readStart(file: string): Promise<{ frame: ReturnType<typeof readHeaderFrame>; size: number }> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ClawError('not-found', phrase('noFile', file), { hint: phrase('seeBackups') });
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new ClawError('usage-invalid', `${file} is not a file.`);
    const start = Buffer.alloc(HEADER_READ_BYTES);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return { frame: readHeaderFrame(start.subarray(0, bytesRead), file), size: info.size };
  } finally {
    await handle.close();
  }
}

/** Checks every byte of the file against the checksum at its end. Throws `data-invalid`. */
export async function checkFile(
  file: string,
  { signal, onProgress }: Omit<ArchiveOptions, 'passphrase'>,
): Promise<string> {
  const { size } = await readStart(file);
  const end = size - TRAILER_BYTES;
  if (end <= 0) throw damaged(file, 'it was cut off');
  const handle = await open(file);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  try {
    await handle.read(trailer, 0, TRAILER_BYTES, end);
  } finally {
    await handle.close();
  }
  const told = readTrailerFrame(trailer, file);
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(file, { end: end - 1, signal, highWaterMark: 1024 * 1024 })) {
    hash.update(chunk as Buffer);
    read += (chunk as Buffer).length;
    onProgress?.('checking', read / end);
  }
  const whole = hash.copy().update(trailer);
  if (!hash.digest().equals(told)) throw damaged(file, 'its bytes are not those that were written');
  return whole.digest('hex');
}

/** Unpacks a backup into the empty folder `into`. Throws `data-invalid` for anything that is not as its manifest says, `auth-missing` and `auth-rejected` for the pass-phrase. */
export async function unpack(file: string, into: string, options: ArchiveOptions): Promise<BackupManifest> {
  const { frame, size } = await readStart(file);
  const { header, bytes, raw } = frame;
  const source = createReadStream(file, { start: bytes, end: size - TRAILER_BYTES - 1, highWaterMark: 256 * 1024 });
  const entries = new Entries(file, into, header, options);
  const { signal } = options;
  try {
    if (header.encryption === null) await pipeline(source, createZstdDecompress(), entries, { signal });
    else {
      const key = await deriveKey(await requirePassphrase(options), header.encryption);
      await pipeline(source, decrypts(key, raw), createZstdDecompress(), entries, { signal });
    }
  } catch (error) {
    await entries.abandon();
    throw error instanceof ClawError || signal.aborted ? error : damaged(file, (error as Error).message);
  }
  return entries.finish();
}

async function requirePassphrase({ passphrase }: ArchiveOptions): Promise<string> {
  const text = await passphrase();
  if (text !== undefined) return text;
  throw new ClawError('auth-missing', phrase('backupEncrypted'), {
    hint: phrase('givePassphrase'),
  });
}

/** Takes the bytes of the archive and writes its files, one after the other. */
class Entries extends Writable {
  readonly #file: string;
  readonly #into: string;
  readonly #header: BackupHeader;
  readonly #options: ArchiveOptions;
  readonly #parser: Parser;
  readonly #expected = new Map<string, ManifestFile>();
  #manifest: BackupManifest | undefined;
  #seen = 0;
  #work: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  /** The file that is being written. */
  #target: FileHandle | undefined;

  constructor(file: string, into: string, header: BackupHeader, options: ArchiveOptions) {
    super();
    this.#file = file;
    this.#into = into;
    this.#header = header;
    this.#options = options;
    this.#parser = new Parser({ strict: true, onReadEntry: (entry) => this.#take(entry) });
    this.#parser.on('error', (error: Error) => this.#fail(damaged(file, error.message)));
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#seen += chunk.length;
    this.#options.onProgress?.('unpacking', Math.min(1, this.#seen / (this.#header.content_bytes + 1)));
    if (this.#seen > this.#header.content_bytes + OVERHEAD_BYTES)
      this.#fail(damaged(this.#file, 'it unpacks to more than it says'));
    if (this.#failure !== undefined) return done(this.#failure);
    if (this.#parser.write(chunk)) return done();
    this.#parser.once('drain', () => done(this.#failure));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#parser.once('end', () => void this.#settle(done));
    this.#parser.end();
  }

  async #settle(done: (error?: Error | null) => void): Promise<void> {
    await this.#work;
    done(this.#failure);
  }

  /** What the manifest says, once everything it lists was there. */
  finish(): BackupManifest {
    if (this.#manifest === undefined) throw damaged(this.#file, 'its list of files is missing');
    const [missing] = this.#expected.keys();
    if (missing !== undefined) throw damaged(this.#file, `${missing} is missing`);
    return this.#manifest;
  }

  /** An archive that broke off leaves an entry whose end never comes: nobody else would close its file. */
  async abandon(): Promise<void> {
    await this.#target?.close();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }

  #take(entry: ReadEntry): void {
    this.#work = this.#work
      .then(async () => {
        if (this.#failure !== undefined) entry.resume();
        else await this.#write(entry);
      })
      .catch((error: unknown) => {
        this.#fail(error as Error);
        entry.resume();
      });
  }

  async #write(entry: ReadEntry): Promise<void> {
    const { path, type, size } = entry;
    if (type !== 'File') throw damaged(this.#file, `${JSON.stringify(path)} is a ${type}, not a file`);
    if (this.#manifest === undefined) return this.#readManifest(entry);
    const told = isContentPath(path) ? this.#expected.get(path) : undefined;
    if (told === undefined) throw damaged(this.#file, `${JSON.stringify(path)} is not in its list of files`);
    if (size !== told.bytes) throw damaged(this.#file, `${path} has another size than its list says`);
    this.#expected.delete(path);
    const target = join(this.#into, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const handle = await open(target, 'wx', told.mode & 0o700);
    this.#target = handle;
    const hash = createHash('sha256');
    try {
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        hash.update(chunk);
        await handle.write(chunk);
      }
      await handle.sync();
    } finally {
      this.#target = undefined;
      await handle.close();
    }
    if (hash.digest('hex') !== told.sha256) throw damaged(this.#file, `${path} has other bytes than its list says`);
  }

  async #readManifest(entry: ReadEntry): Promise<void> {
    if (entry.path !== MANIFEST || entry.size > MAX_MANIFEST_BYTES)
      throw damaged(this.#file, 'it does not begin with its list of files');
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    const parsed = BACKUP_MANIFEST.safeParse(jsonOf(Buffer.concat(chunks)));
    if (!parsed.success) throw damaged(this.#file, 'its list of files is not one');
    const { schema, created_at: createdAt, files } = parsed.data;
    if (schema !== this.#header.schema || createdAt !== this.#header.created_at) {
      throw damaged(this.#file, 'its beginning and its list of files contradict each other');
    }
    for (const each of files) this.#expected.set(each.path, each);
    if (this.#expected.size !== files.length) throw damaged(this.#file, 'its list names a file twice');
    this.#manifest = parsed.data;
  }
}

function jsonOf(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
