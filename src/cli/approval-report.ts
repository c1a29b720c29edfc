/** Owns how requests for approval and grants are told on the command line. */
import { safeLine, safeText } from '../core/kernel/terminal-text.ts';
import type { ApprovalRow, GrantRow } from '../core/store/approvals-table.ts';

/** The state for people: a request nobody answered in time has lapsed. */
function stateOf({ state, expires_at }: ApprovalRow, now: number): string {
  return (state === 'pending' || state === 'approved') && expires_at <= now ? 'expired' : state;
}

export function approvalJson(row: ApprovalRow, now: number): object {
  const { id, kind, act, reason, conversation_id, scope, created_at, expires_at, decided_at, used_at } = row;
  return {
    id,
    kind,
    act,
    reason,
    state: stateOf(row, now),
    scope,
    conversation_id,
    created_at,
    expires_at,
    decided_at,
    used_at,
  };
}

export function approvalRow(row: ApprovalRow, now: number) {
  const left = Math.max(0, Math.round((row.expires_at - now) / 60_000));
  return {
    id: row.id,
    state: stateOf(row, now),
    minutes_left: left,
    act: safeLine(row.act),
    reason: safeLine(row.reason),
  };
}

export function approvalText(row: ApprovalRow, now: number): string {
  const until = new Date(row.expires_at).toISOString();
  const state = stateOf(row, now);
  const next =
    state === 'pending' ? `\nTo agree: claw approval approve ${row.id}\nTo refuse: claw approval deny ${row.id}` : '';
  return safeText(
    `${row.act}\n${row.reason}\n${state}${row.scope === null ? '' : ` (${row.scope})`}, until ${until}\n\n${row.detail}${next}`,
  );
}

export function grantJson(grant: GrantRow): object {
  const { id, kind, act, scope, conversation_id, expires_at, created_at } = grant;
  return { id, kind, act, scope, conversation_id, expires_at, created_at };
}

export function grantRow({ id, scope, act, expires_at }: GrantRow) {
  return {
    id,
    scope,
    until: expires_at === null ? 'you revoke it' : new Date(expires_at).toISOString(),
    act: safeLine(act),
  };
}
