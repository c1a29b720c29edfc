/** Owns how requests for approval and grants are told on the command line. */
import { approvalState } from '../core/conversations/approval-json.ts';
import { safeLine, safeText } from '../core/kernel/terminal-text.ts';
import type { ApprovalRow, GrantRow } from '../core/store/approvals-table.ts';

export function approvalRow(row: ApprovalRow, now: number) {
  const left = Math.max(0, Math.round((row.expires_at - now) / 60_000));
  return {
    id: row.id,
    state: approvalState(row, now),
    minutes_left: left,
    act: safeLine(row.act),
    reason: safeLine(row.reason),
  };
}

export function approvalText(row: ApprovalRow, now: number): string {
  const until = new Date(row.expires_at).toISOString();
  const state = approvalState(row, now);
  const next =
    state === 'pending' ? `\nTo agree: claw approval approve ${row.id}\nTo refuse: claw approval deny ${row.id}` : '';
  return safeText(
    `${row.act}\n${row.reason}\n${state}${row.scope === null ? '' : ` (${row.scope})`}, until ${until}\n\n${row.detail}${next}`,
  );
}

export function grantRow({ id, scope, act, expires_at }: GrantRow) {
  return {
    id,
    scope,
    until: expires_at === null ? 'you revoke it' : new Date(expires_at).toISOString(),
    act: safeLine(act),
  };
}
