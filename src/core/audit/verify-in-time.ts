/** Owns the proof of the audit trail for those who cannot wait for it. */
import type { AuditPaths } from '../kernel/paths.ts';
import type { AuditQueries } from '../store/audit-table.ts';
import { type AuditVerdict, verifyAudit } from './verify-audit.ts';

/** The trail is too long for the time that was given; of what was looked at nothing was wrong. */
export const AuditTooLong = 'too-long';

/** The verdict on the whole trail, or that it was not done within `ms` milliseconds. */
export async function verifyInTime(
  audit: AuditQueries,
  paths: AuditPaths,
  ms: number,
): Promise<AuditVerdict | typeof AuditTooLong> {
  const stop = new AbortController();
  const end = performance.now() + ms;
  const onProgress = (): void => {
    if (performance.now() > end) stop.abort();
  };
  try {
    return await verifyAudit(audit, paths, { signal: stop.signal, onProgress });
  } catch (error) {
    if (stop.signal.aborted) return AuditTooLong;
    throw error;
  }
}
