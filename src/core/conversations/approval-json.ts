/** Owns requests for approval and grants as JSON, the same on every surface. */
import type { ApprovalRow, GrantRow } from '../store/approvals-table.ts';

/** The state for people: a request nobody answered in time has lapsed. */
export function approvalState({ state, expires_at }: ApprovalRow, now: number): string {
  return (state === 'pending' || state === 'approved') && expires_at <= now ? 'expired' : state;
}

export function approvalJson(row: ApprovalRow, now: number) {
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
  };
}

export function grantJson(grant: GrantRow) {
  const { id, kind, act, scope, conversation_id, expires_at, created_at } = grant;
  return { id, kind, act, scope, conversation_id, expires_at, created_at };
}
