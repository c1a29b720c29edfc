/** Owns what the backup tests share: a home with something in it, backups made of parts, and archives that nobody should write. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { Header } from 'tar';
import { type BackupDeps, createBackups } from '../../../src/core/backup/backup-service.ts';
import { type BackupHeader, headerFrame, trailerFrame } from '../../../src/core/backup/backup-frame.ts';
import { inspectDatabase } from '../../../src/core/store/sqlite/copy-database.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

export const quiet = { passphrase: async () => undefined, signal: new AbortController().signal };
export const plain = { passphrase: undefined, includeSecrets: false, scheduled: false, signal: quiet.signal };

export function backupKit(home: string = temporaryHome(), more: Partial<BackupDeps> = {}) {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const service = createBackups({
    home,
    folder: join(home, 'backups'),
    claw: '0.0.0',
    now: () => (now += 1_000),
    withoutSecrets: (_, text) => text,
    migrate: async (file, snapshotFolder) => openStore({ file, snapshotFolder, now }).close(),
    lock: async () => ({ release: () => {} }),
    ...more,
  });
  return { home, service };
}

/** Puts a database with `users` people, and files, into `home`. */
export async function fill(home: string, users = 3): Promise<void> {
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  for (let id = 0; id < users; id += 1) {
    await store.users.insertIfAbsent({
      id: `user-${id}`,
      username: `name-${id}`,
      role: 'user',
      state: 'active',
      created_at: id,
    });
  }
  await store.close();
  mkdirSync(join(home, 'tools'), { recursive: true });
  writeFileSync(join(home, 'tools', 'dice.ts'), 'export const dice = 6;\n');
  writeFileSync(join(home, 'config.json'), '{"MAX_HISTORY":40}\n');
}

/** Every row of every table, as text. */
export function dump(home: string): string {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    const tables = Object.keys(inspectDatabase(join(home, 'claw.db'), { isThorough: false }).rows);
    return JSON.stringify(tables.map((table) => [table, database.prepare(`select * from "${table}"`).raw().all()]));
  } finally {
    database.close();
  }
}

export interface HostileEntry {
  readonly path: string;
  readonly content?: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO' | 'Directory';
  readonly linkpath?: string;
}

/** A backup file with these entries, well-formed around them. */
export function writeArchive(
  file: string,
  entries: readonly HostileEntry[],
  { header = {}, files = entries }: { header?: Partial<BackupHeader>; files?: readonly HostileEntry[] } = {},
): void {
  const schema = header.schema ?? 1;
  const createdAt = '2026-01-02T03:04:05.000Z';
  const listed = files.map(({ path, content = '' }) => ({
    path,
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
    mode: 0o600,
  }));
  const manifest = { version: 1, created_at: createdAt, claw: '0.0.0', schema, files: listed, rows: {} };
  const all = [{ path: 'manifest.json', content: JSON.stringify(manifest) }, ...entries];
  const tar = Buffer.concat([...all.flatMap(tarEntry), Buffer.alloc(1024)]);
  const frame = headerFrame({
    format: 'claw-backup',
    version: 1,
    created_at: createdAt,
    claw: '0.0.0',
    schema,
    content_bytes: tar.length,
    scheduled: false,
    secrets: false,
    encryption: null,
    ...header,
  });
  const body = Buffer.concat([frame, zstdCompressSync(tar)]);
  writeFileSync(file, Buffer.concat([body, trailerFrame(createHash('sha256').update(body).digest())]));
}

function tarEntry({ path, content = '', type = 'File', linkpath }: HostileEntry): Buffer[] {
  const bytes = Buffer.from(content);
  const head = new Header({
    path,
    type,
    size: bytes.length,
    mode: 0o600,
    mtime: new Date(0),
    linkpath: linkpath ?? '',
  });
  const block = Buffer.alloc(512);
  head.encode(block, 0);
  return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

/** The file with one byte changed. */
export function flipped(file: string, at: number): Buffer {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  return bytes;
}
