/** Owns the key that costs money and stands in for a subscription: which one it is, and the most it may cost a day. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Credential } from '../llm/credential.ts';
import type { Store } from '../store/store.ts';

export interface FallbackKeyDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** A secret by its name. */
  readonly secret: (name: string) => Promise<string | undefined>;
  /** FALLBACK_KEY_DAILY_USD in micro-USD; 0: no limit. */
  readonly dailyMicroUsd: number;
  /** When the day of `now` began (milliseconds UTC). */
  readonly dayStart: (now: number) => number;
}

export const FALLBACK_KEY = 'ANTHROPIC_API_KEY_FALLBACK';
const PLAIN_KEY = 'ANTHROPIC_API_KEY';

/** Which of the keys may stand in, by name. Beside a log-in that is only used up for a while, the plain key is left alone: it is not there for that. */
export async function fallbackKeyName(
  secret: FallbackKeyDeps['secret'],
  isLoginLost: boolean,
): Promise<string | undefined> {
  const names = isLoginLost ? [FALLBACK_KEY, PLAIN_KEY] : [FALLBACK_KEY];
  for (const name of names) if ((await secret(name)) !== undefined) return name;
  return undefined;
}

/** The key, noted as taken. What the call has reserved counts already. Throws `limit-reached` when the day's limit would be passed. */
export async function takeFallbackKey(deps: FallbackKeyDeps, name: string): Promise<Credential> {
  const { store, clock, dailyMicroUsd, dayStart } = deps;
  const value = await deps.secret(name);
  if (value === undefined)
    throw new ClawError('auth-missing', `${name} is not set.`, { hint: `claw secret set ${name}` });
  const now = clock.now();
  await store.transaction(async ({ accounts }) => {
    await accounts.noteKeyUse(name, now);
    if (dailyMicroUsd === 0) return;
    const spent = await accounts.spentByKey(name, dayStart(now));
    if (spent <= dailyMicroUsd) return;
    throw new ClawError(
      'limit-reached',
      `${name} may cost $${usd(dailyMicroUsd)} a day; with this call it would be up to $${usd(spent)}.`,
      { hint: 'Wait for the subscription or the next day, or raise FALLBACK_KEY_DAILY_USD.' },
    );
  });
  return { kind: 'api-key', value, source: `secret:${name}` };
}

const usd = (microUsd: number): string => (microUsd / 1e6).toFixed(2);
