/** Owns the one JSON shape of accounts, for every surface; never a token. */
import type { AccountView } from './account-service.ts';
import { accountState } from './account-state.ts';
import { FALLBACK_KEY, fallbackKeyName } from './fallback-key.ts';

export interface AccountJson {
  readonly account: string;
  /** `fresh`, `expiring`, `needs-login`, `revoked`; of other programs' log-ins what they say. */
  readonly state: string;
  readonly expires_at: string | null;
  readonly next_refresh_at: string | null;
  readonly refreshed_at: string | null;
  /** Where the tokens are kept. */
  readonly source: string;
  readonly consent: 'given' | 'missing' | 'not needed';
  readonly limited_until: string | null;
  readonly failed_refreshes: number;
  readonly error: string | null;
  /** With what calls would be made now: `account:claude`, `secret:NAME`; null: nothing. */
  readonly calls_with: string | null;
  readonly warnings: readonly string[];
}

export interface AccountFacts {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** A secret by its name. */
  readonly secret: (name: string) => Promise<string | undefined>;
}

export async function accountJson(view: AccountView, facts: AccountFacts): Promise<AccountJson> {
  const { row, isConsentMissing, needsConsent } = view;
  const isLimited = (row.limited_until ?? 0) > facts.now;
  return {
    account: row.name,
    state: accountState(row, facts.now),
    expires_at: instant(row.expires_at),
    next_refresh_at: instant(row.refresh_at),
    refreshed_at: instant(row.refreshed_at),
    source: row.mirror === null ? 'secret store' : `secret store and ${row.mirror}`,
    consent: isConsentMissing ? 'missing' : needsConsent ? 'given' : 'not needed',
    limited_until: isLimited ? instant(row.limited_until) : null,
    failed_refreshes: row.failures,
    error: row.error,
    calls_with: await callsWith(view, facts, isLimited),
    warnings: await warningsOf(view, facts),
  };
}

async function callsWith({ row, isConsentMissing }: AccountView, { secret, now }: AccountFacts, isLimited: boolean) {
  const own = `account:${row.name}`;
  if (row.name !== 'claude') return row.state === 'signed-in' ? own : null;
  if (isConsentMissing) {
    const plain = (await secret('ANTHROPIC_API_KEY')) === undefined ? undefined : 'ANTHROPIC_API_KEY';
    return keySource(plain ?? (await fallbackKeyName(secret, false)));
  }
  const isLost = row.state !== 'signed-in';
  const key = await fallbackKeyName(secret, isLost);
  const isEnded = row.expires_at !== null && row.expires_at <= now && row.failures > 0;
  return !isLost && !isEnded && (!isLimited || key === undefined) ? own : keySource(key);
}

const keySource = (name: string | undefined): string | null => (name === undefined ? null : `secret:${name}`);

async function warningsOf({ row, isConsentMissing }: AccountView, { secret }: AccountFacts): Promise<string[]> {
  if (row.name !== 'claude') return [];
  const isBeside = (await secret('ANTHROPIC_API_KEY')) !== undefined;
  const hasFallback = (await secret(FALLBACK_KEY)) !== undefined;
  return [
    ...(isConsentMissing ? ['Nobody has agreed to its use: claw auth login claude --accept-risk'] : []),
    ...(isBeside && !isConsentMissing
      ? [
          `ANTHROPIC_API_KEY is set too; it is not used while this log-in is valid. A key that shall stand in belongs into ${FALLBACK_KEY}.`,
        ]
      : []),
    ...(!hasFallback && row.state !== 'signed-in' ? [`${FALLBACK_KEY} is not set: no key stands in for it.`] : []),
  ];
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
