/** Owns what a row of the audit trail is on its page. */
import type { Result } from '../api/client.ts';

export type AuditRow = Result<'GET /audit'>[number];

export const OUTCOME_TONES = { ok: 'good', denied: 'bad', failed: 'warn' } as const;
