/**
 * Owns what lies around the archive in a backup file: a header that can be read without a key, and a checksum at the end.
 * Both are skippable frames of the Zstandard format (RFC 8878, 3.1.2), so that an unencrypted backup is still read by `zstd -d`.
 */
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';

const HEADER_MAGIC = 0x184d2a5c;
const TRAILER_MAGIC = 0x184d2a5e;
const FRAME_HEAD_BYTES = 8;
const HASH_BYTES = 32;
/** Bytes of the frame that ends a backup. */
export const TRAILER_BYTES = FRAME_HEAD_BYTES + HASH_BYTES;
const MAX_HEADER_BYTES = 4096;

export const BACKUP_HEADER = z.object({
  format: z.literal('claw-backup'),
  version: z.literal(1),
  /** ISO 8601, UTC. */
  created_at: z.iso.datetime(),
  /** Version of the program that wrote it. */
  claw: z.string(),
  /** Number of the last migration of its database. */
  schema: z.int().min(1),
  /** Bytes of all files in it. */
  content_bytes: z.int().min(0),
  /** Whether it was made by the schedule. */
  scheduled: z.boolean(),
  /** Whether secrets are in it; only an encrypted one may hold any. */
  secrets: z.boolean(),
  /** How its key comes of the pass-phrase (scrypt, RFC 7914); null: not encrypted. */
  encryption: z
    .object({
      cipher: z.literal('aes-256-gcm-64k'),
      kdf: z.literal('scrypt'),
      log_n: z.int().min(14).max(20),
      salt: z.string().regex(/^[0-9a-f]{32}$/),
    })
    .nullable(),
});

export type BackupHeader = z.infer<typeof BACKUP_HEADER>;

/** The frame that begins a backup. */
export function headerFrame(header: BackupHeader): Buffer {
  return frame(HEADER_MAGIC, Buffer.from(JSON.stringify(header)));
}

/** The frame that ends a backup; `sha256` is that of every byte before it. */
export function trailerFrame(sha256: Buffer): Buffer {
  return frame(TRAILER_MAGIC, sha256);
}

function frame(magic: number, content: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content]);
}

/** The header of a file that begins with `start`, and where what follows it begins. Throws `data-invalid` for a file that is no backup. */
export function readHeaderFrame(start: Buffer, file: string): { header: BackupHeader; bytes: number; raw: Buffer } {
  const length = start.length < FRAME_HEAD_BYTES ? -1 : start.readUInt32LE(4);
  const isFrame = length >= 0 && start.readUInt32LE(0) === HEADER_MAGIC && length <= MAX_HEADER_BYTES;
  const end = FRAME_HEAD_BYTES + length;
  if (!isFrame || start.length < end) throw noBackup(file);
  const parsed = BACKUP_HEADER.safeParse(parseJson(start.subarray(FRAME_HEAD_BYTES, end)));
  if (!parsed.success) throw noBackup(file);
  return { header: parsed.data, bytes: end, raw: start.subarray(0, end) };
}

/** Bytes of a file that hold its header for sure. */
export const HEADER_READ_BYTES = FRAME_HEAD_BYTES + MAX_HEADER_BYTES;

/** The checksum that `end`, the last bytes of a file, tells. Throws `data-invalid` when there is none. */
export function readTrailerFrame(end: Buffer, file: string): Buffer {
  const isFrame =
    end.length === TRAILER_BYTES && end.readUInt32LE(0) === TRAILER_MAGIC && end.readUInt32LE(4) === HASH_BYTES;
  if (!isFrame) throw damaged(file, 'its end is missing');
  return end.subarray(FRAME_HEAD_BYTES);
}

export function damaged(file: string, what: string): ClawError {
  return new ClawError('data-invalid', `The backup ${file} is damaged: ${what}.`, {
    hint: 'Use another one: claw backup list',
  });
}

function noBackup(file: string): ClawError {
  return new ClawError('data-invalid', `${file} is no backup of claw.`, {
    hint: phrase('seeBackups'),
  });
}

function parseJson(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
