/** Owns how settings become the accounts of other services: their adapters, where their tokens are kept, and what renews them. */
import { join } from 'node:path';
import type { AccountJson } from '../accounts/account-json.ts';
import type { AccountService, AccountView } from '../accounts/account-service.ts';
import type { AccountHttp } from '../accounts/account-http.ts';
import type { AccountAdapter, AccountAdapters, AccountName } from '../accounts/account-provider.ts';
import type { AccountDeps, Refresher } from '../accounts/refresher.ts';
import { loadCatalogue } from '../kernel/language/load-catalogue.ts';
import { inWords } from '../kernel/language/phrase.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { FAMILIES } from '../kernel/metric-families.ts';
import type { Meters } from '../kernel/meters.ts';
import type { Credentials } from '../llm/credential.ts';
import type { Masker } from '../secrets/mask.ts';
import type { ToolSecret } from '../accounts/tool-secrets.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';

export interface AccountNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly masker: () => Promise<Masker>;
  readonly meters: Meters;
}

export interface Accounts {
  readonly service: AccountService;
  /** Every account as JSON, by name. */
  status(): Promise<readonly AccountJson[]>;
  json(view: AccountView): Promise<AccountJson>;
  /** What people must agree to before its first use, in plain words; undefined: nothing. */
  risk(name: AccountName): Promise<string | undefined>;
  /** Shows the page of a log-in in the user's browser; false where there is none. */
  show(url: string): Promise<boolean>;
  /** Where another program of this user keeps its log-in; undefined: none does. */
  readonly places: Readonly<Partial<Record<AccountName, string>>>;
  readonly refresher: Refresher;
  /** Credentials of model calls: log-ins first, then `plain`. */
  credentials(plain: Credentials): Credentials;
  /** A secret that a tool may have sent, with the hosts it may go to. */
  toolSecret(name: string): Promise<ToolSecret | undefined>;
  close(): Promise<void>;
}

/** What an adapter is made from. */
export interface AdapterNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly secrets: () => Promise<SecretService>;
  /** A client that reaches these addresses of the settings wherever they are. */
  readonly http: (...addresses: readonly string[]) => AccountHttp;
}

/** Everybody who can be logged in to; each is loaded at its first use. */
const ADAPTERS: Readonly<Partial<Record<AccountName, (needs: AdapterNeeds) => Promise<AccountAdapter>>>> = {
  claude: claudeAdapter,
  copilot: async (needs) => (await import('./social-accounts.ts')).copilotAdapter(needs),
  threads: async (needs) => (await import('./social-accounts.ts')).threadsAdapter(needs),
  instagram: async (needs) => (await import('./social-accounts.ts')).instagramAdapter(needs),
};

/** Another process may be asking a slow service, several times, in ms. */
const LOCK_WAIT_MS = 120_000;

export async function buildAccounts(needs: AccountNeeds): Promise<Accounts> {
  const { config, clock, meters, secrets } = needs;
  const { Refresher } = await import('../accounts/refresher.ts');
  const { TokenVault } = await import('../accounts/token-vault.ts');
  const { createAccountService } = await import('../accounts/account-service.ts');
  const { AccountCredentials } = await import('../accounts/credentials.ts');
  const words = await loadCatalogue(config.valid().language);
  const store = await needs.store();
  const { register } = await needs.masker();
  const lockFile = (name: string): string => join(config.paths.run, `account-${name}.lock`);
  const deps: AccountDeps = {
    store,
    clock,
    vault: new TokenVault({
      secrets,
      hide: register,
      lock: (name, work) => withFileLock(lockFile(name), work, LOCK_WAIT_MS),
    }),
    adapters: adaptersOf(needs),
    news: {
      refreshed: (account, outcome) => meters.add(FAMILIES.accountRefreshes, { account, outcome }),
      tell: async (tables, { phrase, ...notice }) => {
        const { tellPerson } = await import('../conversations/tell-person.ts');
        const owner = await tables.users.firstAdmin();
        if (owner !== undefined)
          await tellPerson(tables, { userId: owner.id, text: inWords(phrase, words.phrases), ...notice });
      },
    },
  };
  const refresher = new Refresher(deps);
  const keys = await keySettings(config, secrets);
  const { standingTokens, toolSecrets } = await import('./social-accounts.ts');
  const own = createAccountService(deps, refresher);
  const takeOver = standingTokens(needs, deps, own);
  const service: AccountService = {
    ...own,
    list: async () => {
      await takeOver();
      return own.list();
    },
    refresh: async (name, by) => {
      await takeOver(name);
      return own.refresh(name, by);
    },
  };
  const json = async (view: AccountView): Promise<AccountJson> => {
    const { accountJson } = await import('../accounts/account-json.ts');
    return accountJson(view, { now: clock.now(), secret: keys.secret });
  };
  return {
    service,
    toolSecret: toolSecrets(needs, async (name) => {
      await takeOver(name);
      return (await store.accounts.find(name)) === undefined ? undefined : (await refresher.use(name)).accessToken;
    }),
    refresher,
    json,
    status: async () => {
      const rows = await Promise.all((await service.list()).map(json));
      const { codexAccounts } = await import('./codex.ts');
      return [...rows, ...(await codexAccounts(config, clock.now()))];
    },
    risk: async (name) => (await deps.adapters(name)).risk,
    show: (url) => showAddress(config, url),
    places: { claude: config.valid().get('CLAUDE_CREDENTIALS_FILE') },
    credentials: (plain) => new AccountCredentials({ store, clock, adapters: deps.adapters, refresher, keys, plain }),
    close: () => refresher.close(),
  };
}

async function showAddress({ browser, desktop }: Config, url: string): Promise<boolean> {
  if (browser === undefined) return false;
  const { openAddress } = await import('../sandbox/open-address.ts');
  return openAddress(url, { program: browser, env: desktop });
}

function adaptersOf(needs: AccountNeeds): AccountAdapters {
  const made = new Map<AccountName, Promise<AccountAdapter>>();
  return (name) => {
    const adapter = made.get(name) ?? makeAdapter(needs, name);
    made.set(name, adapter);
    return adapter;
  };
}

async function makeAdapter({ config, clock, secrets }: AccountNeeds, name: AccountName): Promise<AccountAdapter> {
  const { createGuardedFetch } = await import('../net/guarded-fetch.ts');
  const { ownAddresses, resolveBySystem } = await import('../net/resolve.ts');
  const { createAccountHttp } = await import('../accounts/account-http.ts');
  const make = ADAPTERS[name];
  if (make === undefined) throw new ClawError('not-found', `claw cannot log in to ${name}.`);
  const http = (...addresses: readonly string[]): AccountHttp => {
    const trustedOrigins = addresses.map((address) => new URL(address).origin);
    return createAccountHttp(createGuardedFetch({ resolve: resolveBySystem, ownAddresses, trustedOrigins }));
  };
  return make({ config, clock, secrets, http });
}

async function keySettings(config: Config, secrets: AccountNeeds['secrets']) {
  const { periodAt } = await import('../spending/period.ts');
  const settings = config.valid();
  const zone = settings.get('TIMEZONE') ?? Temporal.Now.timeZoneId();
  return {
    secret: async (name: string) => (await (await secrets()).resolve(name))?.value,
    dailyMicroUsd: Math.round(settings.get('FALLBACK_KEY_DAILY_USD') * 1e6),
    dayStart: (now: number) => periodAt('day', now, zone).startsAt,
  };
}

async function claudeAdapter({ config, clock, http }: AdapterNeeds): Promise<AccountAdapter> {
  const { createClaudeProvider } = await import('../accounts/claude/claude-account.ts');
  const { createClaudeLogin } = await import('../accounts/claude/claude-login.ts');
  const { claudeFile } = await import('../accounts/claude/claude-file.ts');
  const settings = config.valid();
  const deps = {
    http: http(settings.get('CLAUDE_OAUTH_TOKEN_URL')),
    clock,
    settings: {
      clientId: settings.get('CLAUDE_OAUTH_CLIENT_ID'),
      tokenUrl: settings.get('CLAUDE_OAUTH_TOKEN_URL'),
      authorizeUrl: settings.get('CLAUDE_OAUTH_AUTHORIZE_URL'),
      redirectUrl: settings.get('CLAUDE_OAUTH_REDIRECT_URL'),
      scopes: settings.get('CLAUDE_OAUTH_SCOPES'),
    },
  };
  return {
    title: 'Claude',
    provider: createClaudeProvider(deps),
    login: createClaudeLogin(deps),
    mirror: (place) => (place === null ? undefined : claudeFile(place, () => clock.now())),
    models: {
      provider: 'anthropic',
      credential: ({ accessToken }) => ({ kind: 'bearer', value: accessToken, source: 'account:claude' }),
    },
    risk: 'The terms of Claude subscriptions may not allow their use by other programs than those of Anthropic. Anthropic may limit or end your subscription for it.',
  };
}
