/** Owns which credential a model call is made with: a log-in first, then the key that stands in for it, and back by itself. It goes by typed failures only, never by what a text says. */
import { ClawError, toError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Credential, Credentials, CredentialVerdict } from '../llm/credential.ts';
import type { ModelFailure } from '../llm/language-model.ts';
import type { AccountRow } from '../store/accounts-table.ts';
import type { Store } from '../store/store.ts';
import { AccountFailure } from './account-failure.ts';
import type { AccountAdapter, AccountAdapters, AccountName } from './account-provider.ts';
import { consentMissing } from './account-service.ts';
import { isAgreed, needsLogin } from './account-state.ts';
import { FALLBACK_KEY, type FallbackKeyDeps, fallbackKeyName, takeFallbackKey } from './fallback-key.ts';
import type { Refresher } from './refresher.ts';

export interface AccountCredentialsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly adapters: AccountAdapters;
  readonly refresher: Refresher;
  readonly keys: Omit<FallbackKeyDeps, 'store' | 'clock'>;
  /** Credentials that are nothing but secrets. */
  readonly plain: Credentials;
}

/** The account whose log-in is good for a provider of models. */
const ACCOUNT_OF: Readonly<Record<string, AccountName>> = { anthropic: 'claude', copilot: 'copilot' };
/** A usage limit of which nobody says when it ends (SPEC 11), in ms. */
const LIMIT_MS = 5 * 3_600_000;
const MAX_LIMIT_MS = 8 * 24 * 3_600_000;

interface SignedIn {
  readonly name: AccountName;
  readonly row: AccountRow;
  readonly adapter: AccountAdapter;
}

export class AccountCredentials implements Credentials {
  readonly #deps: AccountCredentialsDeps;
  /** What the last call of a provider was made with. */
  readonly #last = new Map<string, string>();

  constructor(deps: AccountCredentialsDeps) {
    this.#deps = deps;
  }

  async take(provider: string): Promise<Credential | undefined> {
    const account = await this.#account(provider);
    if (account === undefined) return this.#takePlain(provider);
    const credential = await this.#takeWith(account);
    const last = this.#last.get(provider);
    this.#last.set(provider, credential.source);
    if (last === credential.source) return credential;
    const notice = this.#switched(account, credential, last);
    return notice === undefined ? credential : { ...credential, notice };
  }

  async failed(provider: string, credential: Credential, failure: ModelFailure): Promise<CredentialVerdict> {
    const account = await this.#account(provider);
    if (account === undefined || credential.source !== sourceOf(account.name)) return { again: false };
    if (failure.kind === 'usage-limit') return this.#limited(account, failure);
    return failure.kind === 'auth' ? this.#refused(account, credential) : { again: false };
  }

  async missing(provider: string): Promise<ClawError | undefined> {
    const account = await this.#account(provider);
    if (account?.row.state === 'signed-in') return undefined;
    if (account !== undefined) {
      const key = await this.#keyName(account);
      const { name, row, adapter } = account;
      return key === undefined
        ? needsLogin(name, adapter.title, row.error ?? 'the old one is no longer valid.')
        : undefined;
    }
    const missing = await this.#deps.plain.missing(provider);
    if (
      missing === undefined ||
      (provider === 'anthropic' && (await this.#deps.keys.secret(FALLBACK_KEY)) !== undefined)
    )
      return undefined;
    return (await this.#notAgreed(provider)) ?? missing;
  }

  /** The account of the provider, when there is one that people agreed to use. */
  async #account(provider: string): Promise<SignedIn | undefined> {
    const name = ACCOUNT_OF[provider];
    const row = name && (await this.#deps.store.accounts.find(name));
    if (name === undefined || row === undefined) return undefined;
    const adapter = await this.#deps.adapters(name);
    return isAgreed(adapter, row) ? { name, row, adapter } : undefined;
  }

  async #notAgreed(provider: string): Promise<ClawError | undefined> {
    const name = ACCOUNT_OF[provider];
    const row = name && (await this.#deps.store.accounts.find(name));
    return name === undefined || row === undefined
      ? undefined
      : consentMissing(name, (await this.#deps.adapters(name)).title);
  }

  async #takePlain(provider: string): Promise<Credential | undefined> {
    const { plain, keys, store, clock } = this.#deps;
    const isLacking = (await plain.missing(provider)) !== undefined;
    if (provider === 'anthropic' && isLacking && (await keys.secret(FALLBACK_KEY)) !== undefined)
      return takeFallbackKey({ ...keys, store, clock }, FALLBACK_KEY);
    const denied = isLacking ? await this.#notAgreed(provider) : undefined;
    if (denied !== undefined) throw denied;
    return plain.take(provider);
  }

  async #takeWith(account: SignedIn): Promise<Credential> {
    const { name, row, adapter } = account;
    const { refresher, clock, keys, store } = this.#deps;
    const key = await this.#keyName(account);
    const isLimited = (row.limited_until ?? 0) > clock.now();
    // Without a key there is nothing to save: the service itself says when it takes calls again.
    if (!isLimited || key === undefined) {
      try {
        return credentialOf(account, await refresher.use(name));
      } catch (error) {
        const lost = await this.#account(adapter.models?.provider ?? '');
        const standIn = lost === undefined ? key : await this.#keyName(lost);
        if (!(error instanceof ClawError) || standIn === undefined) throw error;
        return takeFallbackKey({ ...keys, store, clock }, standIn);
      }
    }
    return takeFallbackKey({ ...keys, store, clock }, key);
  }

  /** The key that may stand in for the account, by name. */
  async #keyName({ name, row }: SignedIn): Promise<string | undefined> {
    return name === 'claude' ? fallbackKeyName(this.#deps.keys.secret, row.state !== 'signed-in') : undefined;
  }

  /** The service refuses the token: it may have ended early, or been taken back. */
  async #refused(account: SignedIn, { value }: Credential): Promise<CredentialVerdict> {
    const { name, adapter } = account;
    const { refresher, store, clock } = this.#deps;
    try {
      await refresher.refresh(name, { refused: value });
      return { again: true };
    } catch (error) {
      if (!(error instanceof AccountFailure) && !(error instanceof ClawError)) throw error;
      const row = await store.accounts.find(name);
      const key = row && (await this.#keyName({ ...account, row }));
      const told = error instanceof ClawError ? error.phrase : undefined;
      const why = phrase('accountRefuses', adapter.title, told ?? toError(error).message);
      if (key === undefined) return { again: false, notice: { code: 'account-refused', phrase: why } };
      // The token is no good although it has not ended: until the next try the key stands in.
      if (row?.state === 'signed-in')
        await store.accounts.change(name, { limited_until: row.refresh_at ?? clock.now() + LIMIT_MS });
      return { again: true };
    }
  }

  async #limited(account: SignedIn, { message, retryAfterMs }: ModelFailure): Promise<CredentialVerdict> {
    const { name, adapter } = account;
    const { store, clock } = this.#deps;
    const now = clock.now();
    const until = now + Math.min(retryAfterMs ?? LIMIT_MS, MAX_LIMIT_MS);
    await store.transaction(async ({ accounts, audit }) => {
      await accounts.change(name, { limited_until: until });
      const detail = { until: new Date(until).toISOString(), reason: message };
      await audit.append({ at: now, by: {}, action: 'account.limit', target: name, outcome: 'failed', detail });
    });
    if ((await this.#keyName(account)) !== undefined) return { again: true };
    const told = phrase('accountLimited', adapter.title, utc(until));
    return { again: false, notice: { code: 'account-limited', phrase: told } };
  }

  /** What there is to tell when calls begin to be made with something else. */
  #switched({ row, adapter }: SignedIn, { source }: Credential, last: string | undefined): Credential['notice'] {
    if (!source.startsWith('secret:')) {
      return last === undefined ? undefined : { code: 'account-back', phrase: phrase('accountBack', adapter.title) };
    }
    const limited = (row.limited_until ?? 0) > this.#deps.clock.now() ? row.limited_until : null;
    const key = source.slice('secret:'.length);
    const told =
      limited === null
        ? phrase('keyStandsIn', adapter.title, key)
        : phrase('keyStandsInWhileLimited', adapter.title, utc(limited), key);
    return { code: 'account-fallback', phrase: told };
  }
}

function credentialOf(
  { adapter, name }: SignedIn,
  tokens: Parameters<NonNullable<AccountAdapter['models']>['credential']>[0],
): Credential {
  if (adapter.models === undefined) throw new Error(`${name} is good for no model`);
  return adapter.models.credential(tokens);
}

const sourceOf = (name: AccountName): string => `account:${name}`;
const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
