/** Owns the renewal of every account's tokens: one refresh at a time over all processes, read again under the lock, stored before used. A refresh that fails leaves the tokens as they are. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { AccountRow } from '../store/accounts-table.ts';
import type { AuditBy } from '../store/audit-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { AccountFailure } from './account-failure.ts';
import {
  type AccountAdapter,
  type AccountAdapters,
  type AccountName,
  type AccountTokens,
  isAccountName,
} from './account-provider.ts';
import { accountError, hasEnded, isAgreed, needsLogin, tokenColumns } from './account-state.ts';
import type { TokenVault } from './token-vault.ts';

export interface AccountNews {
  /** A refresh ended: `ok`, or the kind of its failure. */
  refreshed(name: AccountName, outcome: 'ok' | AccountFailure['kind']): void;
  /** Tells the owner in chat, once per key, in the transaction of what it is about. */
  tell(tables: Tables, notice: { readonly phrase: Phrase; readonly key: string; readonly now: number }): Promise<void>;
}

export interface AccountDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly vault: TokenVault;
  readonly adapters: AccountAdapters;
  readonly news: AccountNews;
}

export interface RefreshWish {
  /** Also when it is not due. */
  readonly force?: boolean;
  /** The access token that was refused: only that one is renewed. */
  readonly refused?: string;
  readonly by?: AuditBy;
}

/** How often a refresh is tried at once, and how long it waits between at most, in ms. */
const TRIES = 3;
const MAX_SHORT_WAIT_MS = 4000;
const SHORT_WAIT_MS = 500;
/** One question to a service, in ms; it is never given up earlier. */
const REFRESH_MS = 60_000;
/** Between refreshes that fail, in ms. */
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;
/** After so many failures in a row the owner is told. */
const TOLD_AFTER = 5;
/** A token that is refused so soon after it was given will not be mended by another, in ms. */
const JUST_GIVEN_MS = 60_000;

interface Opened {
  readonly row: AccountRow;
  readonly adapter: AccountAdapter;
  readonly tokens: AccountTokens;
}

export class Refresher {
  readonly #deps: AccountDeps;
  readonly #running = new Map<AccountName, Promise<AccountTokens>>();
  readonly #stop = new AbortController();

  constructor(deps: AccountDeps) {
    this.#deps = deps;
  }

  /** Tokens that are good now, renewed when they are due. Throws `auth-missing` without an account, `auth-rejected` when it needs a log-in, `upstream-failed` when it cannot be renewed at the moment. */
  async use(name: AccountName): Promise<AccountTokens> {
    const opened = await this.#open(name);
    const { row, adapter, tokens } = opened;
    const now = this.#deps.clock.now();
    const due = adapter.provider.refreshAt(tokens);
    const isEnded = hasEnded(tokens, now);
    if (due === undefined && isEnded)
      throw needsLogin(name, adapter.title, 'the token has ended and cannot be renewed.');
    if (due === undefined || now < due) return tokens;
    if (row.failures > 0 && row.refresh_at !== null && now < row.refresh_at) {
      if (!isEnded) return tokens;
      throw accountError(name, adapter.title, new AccountFailure('retry', row.error ?? 'The last refresh failed.'));
    }
    try {
      return await this.refresh(name);
    } catch (error) {
      if (!isEnded && error instanceof AccountFailure && error.kind !== 'rejected') return tokens;
      throw accountError(name, adapter.title, error);
    }
  }

  /** Renews the tokens when they are due or `wish` says so; what another has renewed meanwhile is taken as it is. Throws `AccountFailure`, and like `use` without an account. */
  refresh(name: AccountName, wish: RefreshWish = {}): Promise<AccountTokens> {
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const work = this.#renew(name, wish).finally(() => this.#running.delete(name));
    this.#running.set(name, work);
    return work;
  }

  /** Renews what is due now; failures are in the rows. Returns the next instant to look, undefined when there is none. */
  async refreshDue(): Promise<number | undefined> {
    const { store, clock } = this.#deps;
    for (const row of await store.accounts.list()) {
      const isDue = row.state === 'signed-in' && row.refresh_at !== null && row.refresh_at <= clock.now();
      if (isDue && isAccountName(row.name)) await this.refresh(row.name).catch(keepFailure);
    }
    return store.accounts.nextRefresh();
  }

  /** Waits for a renewal that runs: an answer that nobody stores would cost the log-in. */
  async close(): Promise<void> {
    this.#stop.abort(new AccountFailure('retry', 'claw was stopped.'));
    await Promise.allSettled(this.#running.values());
  }

  async #open(name: AccountName): Promise<Opened> {
    const { store, vault, adapters } = this.#deps;
    const adapter = await adapters(name);
    const row = await store.accounts.find(name);
    if (row === undefined) throw needsLogin(name, adapter.title, 'nobody is logged in.');
    const tokens = await vault.read(name, adapter.mirror?.(row.mirror));
    if (tokens === undefined) {
      const change = {
        state: 'needs-login' as const,
        refresh_at: null,
        error: 'Its tokens are gone from the secret store.',
      };
      await store.accounts.change(name, change);
      throw needsLogin(name, adapter.title, change.error);
    }
    if (row.state !== 'signed-in')
      throw needsLogin(name, adapter.title, row.error ?? 'the old one is no longer valid.');
    return { row, adapter, tokens };
  }

  async #renew(name: AccountName, wish: RefreshWish): Promise<AccountTokens> {
    const { vault, adapters, store } = this.#deps;
    const adapter = await adapters(name);
    const mirror = adapter.mirror?.((await store.accounts.find(name))?.mirror ?? null);
    return vault.locked(name, mirror, async () => {
      const opened = await this.#open(name);
      if (!isAgreed(adapter, opened.row)) return opened.tokens;
      if (!this.#isNeeded(opened, wish)) return this.#keepRow(opened);
      return this.#renewNow(name, opened, wish);
    });
  }

  #isNeeded({ adapter, tokens }: Opened, { force = false, refused }: RefreshWish): boolean {
    if (refused !== undefined) return tokens.accessToken === refused;
    const { provider } = adapter;
    const due = force ? (provider.refreshableFrom?.(tokens) ?? 0) : provider.refreshAt(tokens);
    return due !== undefined && this.#deps.clock.now() >= due;
  }

  /** Somebody else has renewed them: the row learns of it. */
  async #keepRow({ row, adapter, tokens }: Opened): Promise<AccountTokens> {
    const columns = tokenColumns(adapter, tokens, row);
    if (columns.expires_at === row.expires_at && columns.refresh_at === row.refresh_at) return tokens;
    const change = { ...columns, failures: 0, error: null, version: row.version + 1 };
    await this.#deps.store.accounts.change(row.name, change);
    return tokens;
  }

  async #renewNow(name: AccountName, opened: Opened, wish: RefreshWish): Promise<AccountTokens> {
    const { vault, news } = this.#deps;
    try {
      const fresh = await this.#ask(opened, wish.refused !== undefined);
      const mirror = opened.adapter.mirror?.(opened.row.mirror);
      const error = (await vault.write(name, fresh, mirror)) ?? null;
      await this.#noteRenewed(opened, fresh, { error, wish });
      news.refreshed(name, 'ok');
      return fresh;
    } catch (error) {
      if (!(error instanceof AccountFailure)) throw error;
      await this.#noteFailed(name, opened, error, wish);
      news.refreshed(name, error.kind);
      throw error;
    }
  }

  /** Asks the service, again at once when that may help. */
  async #ask({ row, adapter, tokens }: Opened, wasRefused: boolean): Promise<AccountTokens> {
    const { clock } = this.#deps;
    if (wasRefused && Math.abs(clock.now() - (row.refreshed_at ?? 0)) < JUST_GIVEN_MS)
      throw new AccountFailure('rejected', `${adapter.title} refuses a token that it has only just given.`);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await adapter.provider.refresh(tokens, AbortSignal.timeout(REFRESH_MS));
      } catch (error) {
        if (!(error instanceof AccountFailure) || error.kind !== 'retry' || attempt === TRIES) throw error;
        const waitMs = error.retryAfterMs ?? SHORT_WAIT_MS * 2 ** attempt;
        if (waitMs > MAX_SHORT_WAIT_MS) throw error;
        await clock.sleep(waitMs, this.#stop.signal);
      }
    }
  }

  async #noteRenewed(
    { row, adapter }: Opened,
    tokens: AccountTokens,
    { error, wish }: { error: string | null; wish: RefreshWish },
  ): Promise<void> {
    const now = this.#deps.clock.now();
    const columns = tokenColumns(adapter, tokens, row);
    await this.#deps.store.transaction(async ({ accounts, audit }) => {
      const change = { ...columns, refreshed_at: now, failures: 0, error, version: row.version + 1 };
      await accounts.change(row.name, change);
      await audit.append({ at: now, by: wish.by ?? {}, action: 'account.refresh', target: row.name });
    });
  }

  async #noteFailed(name: AccountName, { row, adapter }: Opened, failure: AccountFailure, wish: RefreshWish) {
    const now = this.#deps.clock.now();
    const { kind, message, status, retryAfterMs } = failure;
    const failures = row.failures + 1;
    const isLost = kind === 'rejected';
    const state = isLost ? (wish.refused === undefined ? 'needs-login' : 'revoked') : row.state;
    const waitMs = Math.max(retryAfterMs ?? 0, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** row.failures));
    const refreshAt = isLost ? null : now + Math.min(waitMs, 24 * LONGEST_WAIT_MS);
    const isTold = isLost || failures === TOLD_AFTER;
    await this.#deps.store.transaction(async (tables) => {
      await tables.accounts.change(name, { state, failures, error: message, refresh_at: refreshAt });
      // One row for a series of failures: a service that is away for a night must not fill the trail.
      if (isLost || failures === 1) {
        const action = isLost ? 'account.needs-login' : 'account.refresh';
        const detail = { kind, reason: message, ...(status === undefined ? {} : { status }) };
        await tables.audit.append({ at: now, by: wish.by ?? {}, action, target: name, outcome: 'failed', detail });
      }
      if (!isTold) return;
      const key = `account:${name}:${isLost ? row.signed_in_at : (row.refreshed_at ?? row.signed_in_at)}:${isLost}`;
      await this.#deps.news.tell(tables, { key, now, phrase: newsOf(name, adapter.title, message, isLost) });
    });
  }
}

function newsOf(name: AccountName, title: string, message: string, isLost: boolean): Phrase {
  return isLost
    ? phrase('accountNeedsLogIn', title, message, name)
    : phrase('accountNotRenewed', title, TOLD_AFTER, message);
}

/** A failed refresh is in its row already. */
function keepFailure(error: unknown): void {
  if (!(error instanceof AccountFailure) && !(error instanceof ClawError)) throw error;
}
