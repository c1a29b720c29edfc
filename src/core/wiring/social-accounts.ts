/** Owns how settings become the accounts of GitHub Copilot, Threads and Instagram. */
import { join } from 'node:path';
import type { AccountHttp } from '../accounts/account-http.ts';
import type { AccountAdapter, AccountName, TokenMirror } from '../accounts/account-provider.ts';
import type { AccountService } from '../accounts/account-service.ts';
import type { CopilotSettings } from '../accounts/copilot/copilot-account.ts';
import type { MetaPlatform, MetaSettings } from '../accounts/meta/meta-account.ts';
import type { AccountDeps } from '../accounts/refresher.ts';
import type { ToolSecret, ToolSecretDeps } from '../accounts/tool-secrets.ts';
import type { Config } from '../config/open-config.ts';
import type { Settings } from '../config/load-settings.ts';
import { namesOf } from '../config/settings-table.ts';
import type { Clock } from '../kernel/clock.ts';
import type { SecretService } from '../secrets/secret-service.ts';

/** What an adapter is made from. */
export interface SocialNeeds {
  readonly config: Config;
  readonly clock: Clock;
  /** A client that reaches these addresses of the settings wherever they are. */
  readonly http: (...addresses: readonly string[]) => AccountHttp;
  readonly secrets: () => Promise<SecretService>;
}

export async function copilotAdapter({ config, clock, http }: SocialNeeds): Promise<AccountAdapter> {
  const { copilotConnection, createCopilotProvider } = await import('../accounts/copilot/copilot-account.ts');
  const { createCopilotLogin, websiteOf } = await import('../accounts/copilot/copilot-login.ts');
  const settings = copilotSettings(config.valid(), websiteOf);
  const deps = { http: http(settings.githubApiRoot, settings.githubRoot), clock, settings };
  return {
    title: 'GitHub Copilot',
    provider: createCopilotProvider(deps),
    login: createCopilotLogin(deps),
    models: {
      provider: 'copilot',
      credential: (tokens) => {
        const { baseUrl, headers } = copilotConnection(tokens, settings);
        return { kind: 'bearer', value: tokens.accessToken, source: 'account:copilot', baseUrl, headers };
      },
    },
  };
}

export const threadsAdapter = (needs: SocialNeeds): Promise<AccountAdapter> => metaAdapter(needs, 'threads');
export const instagramAdapter = (needs: SocialNeeds): Promise<AccountAdapter> => metaAdapter(needs, 'instagram');

async function metaAdapter(needs: SocialNeeds, platform: MetaPlatform): Promise<AccountAdapter> {
  const { createMetaProvider, META } = await import('../accounts/meta/meta-account.ts');
  const { createMetaLogin } = await import('../accounts/meta/meta-login.ts');
  const { envToken, guessed } = await import('../accounts/meta/env-token.ts');
  const { ENV_PLACE, STORE_PLACE } = await import('../accounts/standing-tokens.ts');
  const { config, clock, http, secrets } = needs;
  const secret = async (name: string): Promise<string | undefined> => (await (await secrets()).resolve(name))?.value;
  const settings = metaSettings(config.valid(), platform, secret);
  const deps = { http: http(settings.apiRoot, settings.codeRoot), clock, settings };
  const name = SECRET_OF[platform];
  const { env: path, run } = config.paths;
  const file = envToken({ path, lock: join(run, 'env.lock'), names: namesOf(name) });
  const stored: TokenMirror = {
    label: `the secret ${name}`,
    read: async () => {
      const value = (await isStored(secrets, name)) ? await secret(name) : undefined;
      return value === undefined ? undefined : guessed(value, clock.now());
    },
    // It moves: one that is set later is a new one.
    write: async () => ((await isStored(secrets, name)) ? (await secrets()).remove(name) : undefined),
    locked: (work) => work(),
  };
  return {
    title: META[platform].who,
    provider: createMetaProvider(deps),
    login: createMetaLogin(deps),
    mirror: (place) => {
      if (place === ENV_PLACE || placeOutside(config, name) === 'home-env') return file;
      return place === STORE_PLACE ? stored : undefined;
    },
  };
}

const SECRET_OF = { threads: 'THREADS_ACCESS_TOKEN', instagram: 'INSTAGRAM_ACCESS_TOKEN' } as const;

/** Takes over the tokens that people put into the `.env` of the home or the secret store, of one account or of all. */
export function standingTokens(
  { config, secrets }: Pick<SocialNeeds, 'config' | 'secrets'>,
  deps: Pick<AccountDeps, 'store' | 'vault' | 'adapters'>,
  service: Pick<AccountService, 'importFrom'>,
): (name?: AccountName) => Promise<void> {
  return async (name) => {
    const { ENV_PLACE, STORE_PLACE, takeOver } = await import('../accounts/standing-tokens.ts');
    const placeOf = async (account: MetaPlatform): Promise<string | undefined> => {
      const outside = placeOutside(config, SECRET_OF[account]);
      if (outside !== undefined) return outside === 'home-env' ? ENV_PLACE : undefined;
      return (await isStored(secrets, SECRET_OF[account])) ? STORE_PLACE : undefined;
    };
    for (const account of ['threads', 'instagram'] as const)
      if (name === undefined || name === account) await takeOver({ account: deps, service, placeOf }, account);
  };
}

/** Secrets as tools get them; `token`: that of an account somebody is logged in to. */
export function toolSecrets(
  { config, secrets }: Pick<SocialNeeds, 'config' | 'secrets'>,
  token: ToolSecretDeps['token'],
): (name: string) => Promise<ToolSecret | undefined> {
  return async (name) => {
    const { createToolSecrets } = await import('../accounts/tool-secrets.ts');
    const settings = config.valid();
    const root = { threads: settings.get('THREADS_API_ROOT'), instagram: settings.get('INSTAGRAM_API_ROOT') };
    const host = (account: MetaPlatform): string => new URL(root[account]).host;
    return createToolSecrets({ resolve: async (each) => (await secrets()).resolve(each), token, host })(name);
  };
}

/** The layer outside of the secret store in which `name` stands now. */
function placeOutside(config: Config, name: string): string | undefined {
  return config.fresh().lookUp(name)?.source;
}

async function isStored(secrets: SocialNeeds['secrets'], name: string): Promise<boolean> {
  return (await (await secrets()).storedNames()).has(name);
}

function copilotSettings(settings: Settings, websiteOf: (apiRoot: string) => string): CopilotSettings {
  const githubApiRoot = settings.get('GITHUB_API_ROOT');
  const integration = settings.get('COPILOT_INTEGRATION_ID');
  return {
    clientId: settings.get('COPILOT_CLIENT_ID'),
    githubApiRoot,
    githubRoot: settings.get('GITHUB_ROOT') ?? websiteOf(githubApiRoot),
    apiRoot: settings.get('COPILOT_API_ROOT'),
    apiHosts: settings.get('COPILOT_API_HOSTS'),
    scope: settings.get('COPILOT_SCOPE'),
    headers: {
      'editor-version': settings.get('COPILOT_EDITOR_VERSION'),
      'editor-plugin-version': settings.get('COPILOT_EDITOR_VERSION'),
      ...(integration === undefined ? {} : { 'copilot-integration-id': integration }),
    },
  };
}

function metaSettings(
  settings: Settings,
  platform: MetaPlatform,
  secret: (name: string) => Promise<string | undefined>,
): MetaSettings {
  if (platform === 'threads') {
    const apiRoot = settings.get('THREADS_API_ROOT');
    return {
      platform,
      apiRoot,
      codeRoot: apiRoot,
      authorizeUrl: settings.get('THREADS_AUTHORIZE_URL'),
      redirectUrl: settings.get('THREADS_REDIRECT_URL'),
      scopes: settings.get('THREADS_SCOPES'),
      appId: settings.get('THREADS_APP_ID'),
      appSecret: () => secret('THREADS_APP_SECRET'),
    };
  }
  const apiRoot = settings.get('INSTAGRAM_API_ROOT');
  return {
    platform,
    apiRoot,
    // Instagram exchanges codes at api.instagram.com, everything else at graph.instagram.com.
    codeRoot: settings.get('INSTAGRAM_CODE_ROOT') ?? apiRoot.replace('//graph.', '//api.'),
    authorizeUrl: settings.get('INSTAGRAM_AUTHORIZE_URL'),
    redirectUrl: settings.get('INSTAGRAM_REDIRECT_URL'),
    scopes: settings.get('INSTAGRAM_SCOPES'),
    appId: settings.get('INSTAGRAM_APP_ID'),
    appSecret: () => secret('INSTAGRAM_APP_SECRET'),
  };
}
