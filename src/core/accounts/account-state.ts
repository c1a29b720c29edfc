/** Owns what the row of an account says of it, in words and columns. Pure. */
import { ClawError } from '../kernel/errors.ts';
import type { AccountRow } from '../store/accounts-table.ts';
import { AccountFailure } from './account-failure.ts';
import type { AccountAdapter, AccountTokens } from './account-provider.ts';

export type AccountState = 'fresh' | 'expiring' | 'needs-login' | 'revoked';

/** `expiring`: a refresh is due or has failed, or the token has ended and may still be renewed. `now`: ms since 1970 UTC. */
export function accountState(row: AccountRow, now: number): AccountState {
  if (row.state !== 'signed-in') return row.state;
  const hasEnded = row.expires_at !== null && now >= row.expires_at;
  if (row.refresh_at === null) return hasEnded ? (row.consent_at === null ? 'expiring' : 'needs-login') : 'fresh';
  return hasEnded || row.failures > 0 || now >= row.refresh_at ? 'expiring' : 'fresh';
}

/** Whether people agreed to its use, where they must. */
export function isAgreed({ risk }: Pick<AccountAdapter, 'risk'>, row: Pick<AccountRow, 'consent_at'>): boolean {
  return risk === undefined || row.consent_at !== null;
}

/** What the row says of `tokens`. Without consent nothing is renewed. */
export function tokenColumns(
  adapter: AccountAdapter,
  tokens: AccountTokens,
  row: Pick<AccountRow, 'consent_at'>,
): Pick<AccountRow, 'expires_at' | 'refresh_at'> {
  const refreshAt = isAgreed(adapter, row) ? adapter.provider.refreshAt(tokens) : undefined;
  return { expires_at: tokens.expiresAt ?? null, refresh_at: refreshAt ?? null };
}

/** Whether the access token has ended. */
export function hasEnded({ expiresAt }: AccountTokens, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

export function needsLogin(name: string, title: string, why: string): ClawError {
  return new ClawError('auth-rejected', `${title} needs a new log-in: ${why}`, { hint: `claw auth login ${name}` });
}

/** A failure of the service in the words of commands. */
export function accountError(name: string, title: string, thrown: unknown): unknown {
  if (!(thrown instanceof AccountFailure)) return thrown;
  const { kind, message, status } = thrown;
  if (kind === 'rejected') return needsLogin(name, title, message);
  const code = status === 429 ? 'upstream-rate-limited' : 'upstream-failed';
  return new ClawError(code, message, {
    hint: `The log-in is kept. Try again: claw auth refresh ${name}`,
    cause: thrown,
  });
}
