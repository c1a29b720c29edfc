/** Owns what of a home is in a backup, and the manifest that lists it. */
import { z } from 'zod';

/** The database; it is always there. */
export const DATABASE = 'claw.db';
export const MANIFEST = 'manifest.json';

/** Files and folders that every backup holds, as far as they are there. */
const ALWAYS = [
  DATABASE,
  'config.json',
  '.env',
  'instruction.md',
  'models.json',
  'audit.key',
  'audit.anchor',
  'tools',
  'skills',
  'groups',
  'knowledge',
  'spool',
] as const;

/** What an encrypted backup holds beside that when it is asked to. */
const SECRET = ['secrets.sealed', 'secrets.key', 'secrets.json', 'signing.key'] as const;

/** Top-level names, in the order in which they are written. */
export function contentNames(withSecrets: boolean): readonly string[] {
  return withSecrets ? [...ALWAYS, ...SECRET] : ALWAYS;
}

const MAX_PATH = 1_024;

/** Whether an archive may hold a file of that path: relative, plain, and below one of the names above. */
export function isContentPath(path: string): boolean {
  if (path.length > MAX_PATH || /[\\\p{Cc}]/u.test(path)) return false;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return false;
  return contentNames(true).includes(parts[0] ?? '');
}

export const BACKUP_MANIFEST = z.object({
  version: z.literal(1),
  created_at: z.iso.datetime(),
  claw: z.string(),
  schema: z.int().min(1),
  files: z.array(
    z.object({
      path: z.string().refine(isContentPath, 'a path that leads elsewhere'),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** Permissions, such as 384 for 0600; nothing beyond those of the owner and readers. */
      mode: z.int().min(0).max(0o777),
    }),
  ),
  /** Rows of each table of the database. */
  rows: z.record(z.string(), z.int().min(0)),
});

export type BackupManifest = z.infer<typeof BACKUP_MANIFEST>;
export type ManifestFile = BackupManifest['files'][number];
