/** Owns how the audit trail of a home becomes its service. */
import type { AuditService } from '../audit/audit-service.ts';
import type { HomePaths } from '../kernel/paths.ts';
import type { Store } from '../store/store.ts';

export async function buildAudit(store: () => Promise<Store>, paths: HomePaths): Promise<AuditService> {
  const { createAuditService } = await import('../audit/audit-service.ts');
  return createAuditService((await store()).audit, paths);
}
