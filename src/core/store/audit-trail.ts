/** Owns what an open store needs to write its audit trail: the key, the mask, and when the note beside the database is renewed. */
import { once } from '../kernel/lazy.ts';
import type { AuditPaths } from '../kernel/paths.ts';
import { writeAnchor } from './audit-anchor.ts';
import { type AuditChain, openAuditChain } from './audit-chain.ts';
import type { AuditQueries, AuditWriter } from './audit-table.ts';

export interface AuditTrail {
  readonly writer: AuditWriter;
  /** After a commit: begins to renew the note at the first row of this process and at every 64th. */
  afterCommit(trail: AuditQueries): void;
  /** Renews the note if rows were added since. */
  anchor(trail: AuditQueries): Promise<void>;
}

const ROWS_PER_NOTE = 64;

export function createAuditTrail(paths: AuditPaths, mask: AuditWriter['mask']): AuditTrail {
  const chain: () => AuditChain = once(() => openAuditChain(paths.auditKey));
  let added = 0;
  let noted: number | undefined;
  const renew = async (trail: AuditQueries): Promise<void> => {
    if (added === (noted ?? 0)) return;
    const upTo = added;
    await writeAnchor(paths.auditAnchor, chain(), trail);
    noted = upTo;
  };
  // One after the other: two would write the same file.
  let last: Promise<void> = Promise.resolve();
  const anchor = (trail: AuditQueries): Promise<void> => {
    const mine = last.then(() => renew(trail));
    // What was committed must not look failed: the next one tries again, and closing the store says what is wrong.
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    writer: { chain, mask, onAppend: () => void (added += 1) },
    anchor,
    afterCommit(trail) {
      if (added === 0 || (noted !== undefined && added - noted < ROWS_PER_NOTE)) return;
      void anchor(trail).catch(() => undefined);
    },
  };
}
