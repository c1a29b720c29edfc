/** Owns the codes of the audit trail: HMAC-SHA256 with a key of the home that lies outside the database, so that whoever can write the database cannot make one. */
import { createHash, hash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { ClawError } from '../kernel/errors.ts';
import type { AuditEventsTable, AuditHeadTable } from './audit-schema.ts';

export interface AuditChain {
  /** Code of a row that follows the row with code `previous`. */
  macOf(row: Omit<AuditEventsTable, 'mac'>, previous: string): string;
  sealOf(head: Omit<AuditHeadTable, 'id' | 'seal'>): string;
  /** Code of the note outside the database that says how far the chain has come. */
  anchorOf(seq: number, mac: string): string;
}

/** What a row follows when the head before it was not sealed by this home: its code can then never be right. */
export const BROKEN = 'broken';

const KEY_BYTES = 32;
const BLOCK_BYTES = 64;

/** The chain with the key of `keyFile`; undefined when that is missing. Throws `data-invalid` for a damaged one. */
export function readAuditChain(keyFile: string): AuditChain | undefined {
  const key = readKey(keyFile);
  return key && chainOf(key);
}

/** As `readAuditChain`; makes the key when it is missing. Only for whoever holds the write lock of the store, so that no two do it at once. */
export function openAuditChain(keyFile: string): AuditChain {
  return readAuditChain(keyFile) ?? chainOf(makeKey(keyFile));
}

function chainOf(key: Uint8Array): AuditChain {
  const code = hmacSha256(key);
  return {
    macOf: (row, previous) => code(JSON.stringify(['row', previous, ...columnsOf(row)])),
    sealOf: ({ seq, mac, cut_seq, cut_mac }) => code(JSON.stringify(['head', seq, mac, cut_seq, cut_mac])),
    anchorOf: (seq, mac) => code(JSON.stringify(['anchor', seq, mac])),
  };
}

function columnsOf(row: Omit<AuditEventsTable, 'mac'>): (string | number | null)[] {
  const { seq, at, user_id, username, via, origin, action, target, outcome, detail } = row;
  return [seq, at, user_id, username, via, origin, action, target, outcome, detail];
}

/** HMAC-SHA256 (RFC 2104) in hexadecimal, by two one-shot hashes: a third of what an Hmac object costs, and a million rows are read at once. */
export function hmacSha256(key: Uint8Array): (text: string) => string {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (text) => {
    const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, first]), 'hex');
  };
}

function readKey(file: string): Uint8Array | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'latin1').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  throw new ClawError('data-invalid', `The key of the audit trail, ${file}, is damaged.`, {
    hint: 'Bring it back from a backup.',
  });
}

function makeKey(file: string): Uint8Array {
  const key = randomBytes(KEY_BYTES);
  const fresh = `${file}.tmp`;
  const handle = openSync(fresh, 'w', 0o600);
  try {
    writeSync(handle, `${key.toString('hex')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, file);
  return key;
}
