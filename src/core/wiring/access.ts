/** Owns how settings become the services of users, keys and signing in. */
import type { Authenticator } from '../access/authenticate.ts';
import type { KeyService } from '../access/keys.ts';
import type { UserService } from '../access/users.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { lazy } from '../kernel/lazy.ts';
import type { Store } from '../store/store.ts';

export interface AccessParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
}

/** Who may come in. What only a server needs is built at its first use. */
export interface Access {
  readonly users: UserService;
  readonly keys: KeyService;
  authenticator(): Promise<Authenticator>;
}

/** What the token of WebSocket clients is good for. */
const WS_SCOPES = ['self.read', 'chat.*', 'conversation.*', 'approval.*', 'tool.read', 'model.read', 'status.read'];

export async function buildAccess({ config, clock, store: open }: AccessParts): Promise<Access> {
  const { createUserService } = await import('../access/users.ts');
  const { createKeyService } = await import('../access/keys.ts');
  const store = await open();
  return {
    users: createUserService({ store, clock }),
    keys: createKeyService({ store, clock }),
    authenticator: lazy(() => buildAuthenticator(config, clock, store)),
  };
}

async function buildAuthenticator(config: Config, clock: Clock, store: Store): Promise<Authenticator> {
  const { createAuthenticator } = await import('../access/authenticate.ts');
  const switches = () => {
    const settings = config.valid();
    return {
      isAuthOn: settings.get('AUTH_ENABLED'),
      ownerTokens: [
        { token: settings.get('DASHBOARD_TOKEN'), scopes: null },
        { token: settings.get('WS_AUTH_TOKEN'), scopes: WS_SCOPES },
      ],
    };
  };
  return createAuthenticator({ store, clock, switches });
}
