/** Owns the note beside the database that says how far the audit trail had come: it contradicts a database that was cut off or put back. Never written over a note that the trail contradicts: that is evidence. */
import { open, rename } from 'node:fs/promises';
import { readIfThere } from '../kernel/read-if-there.ts';
import type { AuditChain } from './audit-chain.ts';
import { type AuditQueries, isSealed } from './audit-table.ts';

export interface AuditAnchor {
  readonly seq: number;
  readonly mac: string;
}

/** What the file says; undefined when there is none, `damaged` when this home did not write it. */
export async function readAnchor(file: string, chain: AuditChain): Promise<AuditAnchor | undefined | 'damaged'> {
  const text = await readIfThere(file, 'latin1');
  if (text === undefined) return undefined;
  const [seqText = '', mac = '', code = ''] = text.trim().split(' ');
  const seq = Number(seqText);
  return code === chain.anchorOf(seq, mac) ? { seq, mac } : 'damaged';
}

type Trail = Pick<AuditQueries, 'head' | 'find'>;

/** Whether the trail still has the row the note tells of, or has cut it off by retention. */
export async function agrees(trail: Trail, anchor: AuditAnchor): Promise<boolean> {
  const cut = (await trail.head())?.cut_seq ?? 0;
  return anchor.seq <= cut || (await trail.find(anchor.seq))?.mac === anchor.mac;
}

/** Writes down where the trail is now, unless something is wrong with it. */
export async function writeAnchor(file: string, chain: AuditChain, trail: Trail): Promise<void> {
  const head = await trail.head();
  if (head === undefined || head.seq === 0 || !isSealed(chain, head)) return;
  const old = await readAnchor(file, chain);
  if (old === 'damaged' || (old !== undefined && (old.seq >= head.seq || !(await agrees(trail, old))))) return;
  const fresh = `${file}.${process.pid}.tmp`;
  const handle = await open(fresh, 'w', 0o600);
  try {
    await handle.writeFile(`${head.seq} ${head.mac} ${chain.anchorOf(head.seq, head.mac)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
