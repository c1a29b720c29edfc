/** Owns what people do with accounts: log in, agree, look, renew, log out. Each act and its audit row commit together; what comes out holds no token. */
import { type AuditBy, doneBy, type Doer } from '../store/audit-table.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { AccountRow } from '../store/accounts-table.ts';
import {
  type AccountAdapter,
  type AccountName,
  type AccountTokens,
  isAccountName,
  type LoginStart,
} from './account-provider.ts';
import { accountError, isAgreed, tokenColumns } from './account-state.ts';
import type { AccountDeps, Refresher } from './refresher.ts';

/** How somebody logs in. */
export interface LoginWish {
  /** Undefined: claw itself, which found the tokens. */
  readonly by: Doer | undefined;
  /** They agree to the risk of using it. */
  readonly isAgreed: boolean;
  /** Where else the tokens shall stand, such as the file of the Claude CLI. */
  readonly mirror?: string;
}

export interface AccountView {
  readonly row: AccountRow;
  readonly title: string;
  /** Whether it is only used when somebody has agreed to the risk. */
  readonly needsConsent: boolean;
  /** Whether somebody must still agree before it is used. */
  readonly isConsentMissing: boolean;
}

export interface LoginPoll {
  readonly view: AccountView | undefined;
  /** When to ask again, in ms. */
  readonly pollMs: number;
}

export interface AccountService {
  /** By name. */
  list(): Promise<readonly AccountView[]>;
  /** Begins a log-in, in the place of any that waits. Throws `upstream-failed`. */
  startLogin(name: AccountName): Promise<Omit<LoginStart, 'pending'>>;
  /** Ends the log-in that waits with what the person brought back; without a view they are not done yet (device flow). Throws `not-found` when none waits, `auth-rejected` for an answer of another one. */
  endLogin(name: AccountName, answer: string | undefined, wish: LoginWish): Promise<LoginPoll>;
  /** Forgets the log-in that waits. */
  cancelLogin(name: AccountName): Promise<void>;
  /** Takes over the log-in that stands at `place`, and renews it there from now on. Throws `not-found` for an empty one. */
  importFrom(name: AccountName, place: string, wish: LoginWish): Promise<AccountView>;
  /** Notes that somebody agreed to the risk. Throws `not-found`. */
  agree(name: AccountName, by: LoginWish['by']): Promise<AccountView>;
  /** Renews now. Throws like `Refresher.use`. */
  refresh(name: AccountName, by: Doer): Promise<AccountView>;
  /** Forgets the tokens here. Returns what remains elsewhere, as sentences. Throws `not-found`. */
  logout(name: AccountName, by: Doer): Promise<readonly string[]>;
}

export function createAccountService(deps: AccountDeps, refresher: Refresher): AccountService {
  return {
    async list() {
      const rows = await deps.store.accounts.list();
      return Promise.all(rows.flatMap((row) => (isAccountName(row.name) ? [viewOf(deps, row.name, row)] : [])));
    },
    startLogin: (name) => startLogin(deps, name),
    endLogin: (name, answer, wish) => endLogin(deps, name, answer, wish),
    cancelLogin: (name) => deps.vault.locked(name, undefined, () => deps.vault.closeLogin(name)),
    importFrom: (name, place, wish) => importFrom(deps, name, place, wish),
    agree: (name, by) => agree(deps, name, by),
    async refresh(name, by) {
      const { title } = await deps.adapters(name);
      const row = await existing(deps, name);
      const view = await viewOf(deps, name, row);
      if (view.isConsentMissing) throw consentMissing(name, title);
      await refresher.refresh(name, { force: true, by: doneBy(by) }).catch((error: unknown) => {
        throw accountError(name, title, error);
      });
      return viewOf(deps, name, await existing(deps, name));
    },
    logout: (name, by) => logout(deps, name, by),
  };
}

async function viewOf({ adapters }: AccountDeps, name: AccountName, row: AccountRow): Promise<AccountView> {
  const adapter = await adapters(name);
  return {
    row,
    title: adapter.title,
    needsConsent: adapter.risk !== undefined,
    isConsentMissing: !isAgreed(adapter, row),
  };
}

async function existing({ store }: AccountDeps, name: AccountName): Promise<AccountRow> {
  const row = await store.accounts.find(name);
  if (row !== undefined) return row;
  throw new ClawError('not-found', phrase('nobodyLoggedIn', name), { hint: `claw auth login ${name}` });
}

async function startLogin({ adapters, vault }: AccountDeps, name: AccountName) {
  const { login, title } = await adapters(name);
  const { pending, ...shown } = await login.start(AbortSignal.timeout(60_000)).catch((error: unknown) => {
    throw accountError(name, title, error);
  });
  const { expiresAt, pollMs } = shown;
  const kept = { expiresAt, pending, ...(pollMs === undefined ? {} : { pollMs }) };
  await vault.locked(name, undefined, () => vault.openLogin(name, kept));
  return shown;
}

async function endLogin(
  deps: AccountDeps,
  name: AccountName,
  answer: string | undefined,
  wish: LoginWish,
): Promise<LoginPoll> {
  const { adapters, vault, clock } = deps;
  const adapter = await adapters(name);
  const mirror = wish.mirror === undefined ? undefined : adapter.mirror?.(wish.mirror);
  return vault.locked(name, mirror, async () => {
    const waiting = await vault.pendingLogin(name);
    if (waiting === undefined || waiting.expiresAt <= clock.now()) {
      await vault.closeLogin(name);
      const why = waiting === undefined ? 'no log-in waits for an answer' : 'the log-in took too long';
      throw new ClawError('not-found', `${adapter.title}: ${why}.`, { hint: `Begin anew: claw auth login ${name}` });
    }
    const end = await adapter.login
      .finish(waiting.pending, answer, AbortSignal.timeout(60_000))
      .catch((error: unknown) => {
        throw accountError(name, adapter.title, error);
      });
    if (end.kind === 'waiting') {
      await vault.openLogin(name, { ...waiting, pollMs: end.pollMs });
      return { view: undefined, pollMs: end.pollMs };
    }
    const view = await signIn(deps, adapter, end.tokens, wish);
    // Only now: a process that dies before this leaves a log-in whose code is used up, never an account without tokens.
    await vault.closeLogin(name);
    return { view, pollMs: 0 };
  });
}

/** Keeps the tokens of a new log-in, then its row. */
async function signIn(deps: AccountDeps, adapter: AccountAdapter, tokens: AccountTokens, wish: LoginWish) {
  const { store, vault, clock } = deps;
  const { name } = adapter.provider;
  const now = clock.now();
  const before = await store.accounts.find(name);
  const place = wish.mirror ?? before?.mirror ?? null;
  const error = (await vault.write(name, tokens, adapter.mirror?.(place))) ?? null;
  const consent = { consent_at: before?.consent_at ?? (wish.isAgreed ? now : null) };
  const row: AccountRow = {
    name,
    state: 'signed-in',
    mirror: place,
    ...tokenColumns(adapter, tokens, consent),
    refreshed_at: null,
    failures: 0,
    error,
    limited_until: null,
    ...consent,
    signed_in_at: now,
    version: (before?.version ?? 0) + 1,
  };
  await store.transaction(async ({ accounts, audit }) => {
    await accounts.put(row);
    const detail = { mirror: place, consent: row.consent_at !== null };
    await audit.append({ at: now, by: byOf(wish.by), action: 'account.login', target: name, detail });
  });
  return viewOf(deps, name, row);
}

async function importFrom(deps: AccountDeps, name: AccountName, place: string, wish: LoginWish): Promise<AccountView> {
  const adapter = await deps.adapters(name);
  const mirror = adapter.mirror?.(place);
  if (mirror === undefined)
    throw new ClawError('usage-invalid', `${adapter.title} has no log-in that could be taken over.`);
  return deps.vault.locked(name, mirror, async () => {
    const tokens = await mirror.read();
    // Another process was faster, and knows more of them than stands there.
    const row = await deps.store.accounts.find(name);
    if (row?.mirror === place && row.state === 'signed-in') {
      const own = await deps.vault.read(name, undefined);
      if (own !== undefined && own.accessToken === tokens?.accessToken) return viewOf(deps, name, row);
    }
    if (tokens !== undefined) return signIn(deps, adapter, tokens, { ...wish, mirror: place });
    throw new ClawError('not-found', `There is no log-in in ${mirror.label}.`, {
      hint: `Log in with that program first, or: claw auth login ${name}`,
    });
  });
}

async function agree(deps: AccountDeps, name: AccountName, by: LoginWish['by']): Promise<AccountView> {
  const { store, clock, vault, adapters } = deps;
  const adapter = await adapters(name);
  const row = await existing(deps, name);
  const consent = { consent_at: row.consent_at ?? clock.now() };
  const tokens = await vault.read(name, adapter.mirror?.(row.mirror));
  const change = { ...consent, ...(tokens === undefined ? {} : tokenColumns(adapter, tokens, consent)) };
  await store.transaction(async ({ accounts, audit }) => {
    await accounts.change(name, change);
    await audit.append({ at: clock.now(), by: byOf(by), action: 'account.consent', target: name });
  });
  return viewOf(deps, name, { ...row, ...change });
}

async function logout(deps: AccountDeps, name: AccountName, by: Doer): Promise<readonly string[]> {
  const { store, clock, vault, adapters } = deps;
  const adapter = await adapters(name);
  const row = await existing(deps, name);
  await vault.locked(name, undefined, async () => {
    await store.transaction(async ({ accounts, audit }) => {
      await accounts.remove(name);
      await audit.append({ at: clock.now(), by: doneBy(by), action: 'account.logout', target: name });
    });
    await vault.remove(name);
  });
  const mirror = adapter.mirror?.(row.mirror);
  const holds = (await mirror?.read().catch(() => undefined)) !== undefined;
  const then =
    mirror?.isTakenUp === true ? 'take it out of there, or claw takes it up again' : 'claw no longer reads it';
  const kept = mirror === undefined || !holds ? [] : [`${mirror.label} still holds the log-in; ${then}.`];
  return [
    ...kept,
    `${adapter.title} itself is not told: the tokens stay good there until they end or you sign out there.`,
  ];
}

const byOf = (by: LoginWish['by']): AuditBy => (by === undefined ? {} : doneBy(by));

export function consentMissing(name: string, title: string): ClawError {
  return new ClawError('permission-denied', `Nobody has agreed to the use of ${title} yet.`, {
    hint: `claw auth login ${name} --accept-risk`,
  });
}
