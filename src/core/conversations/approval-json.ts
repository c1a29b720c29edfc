/** Owns requests for approval and grants as JSON, the same on every surface. */
import type { ApprovalRow, ShownApproval, ShownGrant } from '../store/approvals-table.ts';

/** The state for people: a request nobody answered in time has lapsed. */
export function approvalState({ state, expires_at }: ApprovalRow, now: number): string {
  return (state === 'pending' || state === 'approved') && expires_at <= now ? 'expired' : state;
}

export function approvalJson(row: ShownApproval, now: number) {
  const { id, kind, act, reason, conversation_id, scope, created_at, expires_at, decided_at, used_at } = row;
  return {
    id,
    kind,
    act,
    reason,
    state: approvalState(row, now),
    scope,
    conversation_id,
    created_at,
    expires_at,
    decided_at,
    used_at,
    user: row.asker,
    decided_by: row.decider,
  };
}

export function grantJson(grant: ShownGrant) {
  const { id, kind, act, scope, conversation_id, expires_at, created_at, uses, last_used_at } = grant;
  const people = { user: grant.grantee, granted_by: grant.granter };
  return { id, kind, act, scope, conversation_id, expires_at, created_at, ...people, uses, last_used_at };
}
