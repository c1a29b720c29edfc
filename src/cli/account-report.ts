/** Owns what people read of accounts. */
import type { AccountJson } from '../core/accounts/account-json.ts';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { table } from './table.ts';

/** A table, and below it what needs attention. */
export function accountsText(accounts: readonly AccountJson[], texts: Catalogue = ENGLISH): string {
  if (accounts.length === 0) return texts.cli.nobodyLoggedIn;
  const rows = accounts.map(({ account, state, expires_at, next_refresh_at, source, calls_with }) => ({
    account,
    state,
    expires: short(expires_at),
    next_refresh: short(next_refresh_at),
    source,
    calls_with: calls_with ?? '-',
  }));
  return [table(rows, texts), ...accounts.flatMap(remarks)].join('\n');
}

function remarks({ account, error, limited_until, warnings }: AccountJson): string[] {
  const limit = limited_until === null ? [] : [`takes no more calls until ${short(limited_until)}.`];
  return [...(error === null ? [] : [error]), ...limit, ...warnings].map((text) => `${account}: ${text}`);
}

export function signedInText({ account, state, expires_at, warnings }: AccountJson): string {
  const until = expires_at === null ? '' : ` until ${short(expires_at)}, and renewed before`;
  return [`Logged in to ${account}: ${state}${until}.`, ...warnings].join('\n');
}

const short = (instant: string | null): string =>
  instant === null ? '-' : `${instant.slice(0, 16).replace('T', ' ')} UTC`;
