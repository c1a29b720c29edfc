/** Owns how settings become the services of users, keys and signing in. */
import type { AccessSwitches, Authenticator } from '../access/authenticate.ts';
import type { DeviceService } from '../access/devices.ts';
import type { EntranceService } from '../access/entrances.ts';
import type { KeyService } from '../access/keys.ts';
import type { PasswordService } from '../access/passwords.ts';
import type { RateClass, RateLimits } from '../access/rate-limits.ts';
import type { SessionService } from '../access/sessions.ts';
import type { SignInLinkService } from '../access/sign-in-links.ts';
import type { TicketService } from '../access/tickets.ts';
import type { TokenService } from '../access/tokens.ts';
import type { UserService } from '../access/users.ts';
import type { Settings } from '../config/load-settings.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { lazy } from '../kernel/lazy.ts';
import type { RateRule } from '../kernel/rate-window.ts';
import type { Masker } from '../secrets/mask.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';

export interface AccessParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly masker: () => Promise<Masker>;
}

/** Who may come in. What only a server needs is built at its first use. */
export interface Access {
  readonly users: UserService;
  readonly keys: KeyService;
  readonly limits: RateLimits;
  readonly sessions: SessionService;
  devices(): Promise<DeviceService>;
  entrances(): Promise<EntranceService>;
  /** Links that sign a browser in once. */
  links(): Promise<SignInLinkService>;
  authenticator(): Promise<Authenticator>;
  passwords(): Promise<PasswordService>;
  tokens(): Promise<TokenService>;
  tickets(): Promise<TicketService>;
}

const MINUTE_MS = 60_000;
/** What the token of WebSocket clients is good for. */
const WS_SCOPES = ['self.read', 'chat.*', 'conversation.*', 'approval.*', 'tool.read', 'model.read', 'status.read'];

export async function buildAccess(parts: AccessParts): Promise<Access> {
  const { config, clock } = parts;
  const { createUserService } = await import('../access/users.ts');
  const { createKeyService } = await import('../access/keys.ts');
  const { createRateLimits } = await import('../access/rate-limits.ts');
  const { createSessionService } = await import('../access/sessions.ts');
  const store = await parts.store();
  const seconds = (name: 'JWT_ACCESS_TTL' | 'JWT_REFRESH_TTL' | 'SESSION_IDLE_TTL' | 'SESSION_TTL'): number =>
    config.valid().get(name);
  const ttlMs = () => ({ idle: seconds('SESSION_IDLE_TTL') * 1000, most: seconds('SESSION_TTL') * 1000 });
  const sessions = createSessionService({ store, clock, ttlMs });
  const accessTokens = lazy(async () => {
    const { createAccessTokens } = await import('../access/access-token.ts');
    return createAccessTokens({ clock, secret: signingSecret(parts) });
  });
  const authenticator = lazy(async () => {
    const { createAuthenticator } = await import('../access/authenticate.ts');
    return createAuthenticator({ store, clock, switches: () => switchesOf(config.valid()), accessTokens, sessions });
  });
  const hasher = lazy(async () => (await import('../access/password.ts')).createPasswordHasher());
  return {
    users: createUserService({ store, clock }),
    keys: createKeyService({ store, clock }),
    limits: createRateLimits({ clock, rules: () => rateRules(config.valid()) }),
    sessions,
    devices: lazy(async () => (await import('../access/devices.ts')).createDeviceService({ store, clock, ttlMs })),
    entrances: lazy(async () =>
      (await import('../access/entrances.ts')).createEntranceService({ store, clock, ttlMs }),
    ),
    links: lazy(async () => {
      const { createSignInLinkService } = await import('../access/sign-in-links.ts');
      const hasOwnerToken = () => config.valid().get('DASHBOARD_TOKEN') !== undefined;
      return createSignInLinkService({ store, clock, hasher: await hasher(), ttlMs, hasOwnerToken });
    }),
    authenticator,
    passwords: lazy(async () => {
      const { createPasswordService } = await import('../access/passwords.ts');
      return createPasswordService({ store, clock, hasher: await hasher() });
    }),
    tokens: lazy(async () => {
      const { createTokenService } = await import('../access/tokens.ts');
      const ttlSeconds = () => ({ access: seconds('JWT_ACCESS_TTL'), refresh: seconds('JWT_REFRESH_TTL') });
      return createTokenService({ store, clock, accessTokens: await accessTokens(), ttlSeconds });
    }),
    tickets: lazy(async () => {
      const { createTicketService } = await import('../access/tickets.ts');
      return createTicketService(clock, await authenticator());
    }),
  };
}

/** JWT_SECRET, or the key that this home keeps for itself. */
function signingSecret({ config, secrets, masker }: AccessParts): () => Promise<string> {
  const kept = lazy(async () => {
    const { keptSigningKey } = await import('../access/signing-key.ts');
    const { signingKey, signingKeyLock } = config.paths;
    const key = await keptSigningKey(signingKey, signingKeyLock);
    (await masker()).register(key);
    return key;
  });
  return async () => (await (await secrets()).resolve('JWT_SECRET'))?.value ?? kept();
}

function switchesOf(settings: Settings): AccessSwitches {
  return {
    isAuthOn: settings.get('AUTH_ENABLED') || settings.get('DASHBOARD_TOKEN') !== undefined,
    ownerTokens: [
      { token: settings.get('DASHBOARD_TOKEN'), scopes: null },
      { token: settings.get('WS_AUTH_TOKEN'), scopes: WS_SCOPES },
    ],
  };
}

/** A page of the dashboard asks for several things at once, and a person opens many. */
const READS_OF_A_PAGE = 10;

function rateRules(settings: Settings): Readonly<Record<RateClass, RateRule>> {
  const perMinute = (name: 'WS_RATE_LIMIT' | 'BOT_RATE_LIMIT' | 'LOGIN_RATE_LIMIT'): RateRule => ({
    limit: settings.get(name),
    windowMs: MINUTE_MS,
  });
  const api = { limit: settings.get('API_RATE_LIMIT'), windowMs: settings.get('API_RATE_WINDOW') * 1000 };
  return {
    api,
    page: { ...api, limit: api.limit * READS_OF_A_PAGE },
    ws: perMinute('WS_RATE_LIMIT'),
    bot: perMinute('BOT_RATE_LIMIT'),
    login: perMinute('LOGIN_RATE_LIMIT'),
  };
}
