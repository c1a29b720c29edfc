/** Owns a log-in to Threads of any age on a stand-in of its endpoints, with a real store and the refresher. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AccountTokens } from '../../../../src/core/accounts/account-provider.ts';
import { createMetaProvider, type MetaSettings } from '../../../../src/core/accounts/meta/meta-account.ts';
import { createMetaLogin } from '../../../../src/core/accounts/meta/meta-login.ts';
import { type AccountDeps, Refresher } from '../../../../src/core/accounts/refresher.ts';
import { TokenVault } from '../../../../src/core/accounts/token-vault.ts';
import { createSecretService } from '../../../../src/core/secrets/secret-service.ts';
import { openStore } from '../../../../src/core/store/store.ts';
import { createMemorySecretStore } from '../../../fakes/memory-secret-store.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';
import { accountBench } from '../account-kit.ts';

/** Somebody is logged in to Threads with a token of that age and that much life left, in ms. */
export async function signedIn(leftMs: number, ageMs: number) {
  const parts = await accountBench();
  const { server, clock } = parts;
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  const kept = createMemorySecretStore();
  const stores = { all: [kept], targets: [kept] };
  const secrets = createSecretService({ lookUp: () => undefined, knownNames: [], stores, register: () => {} });
  const settings: MetaSettings = {
    platform: 'threads',
    apiRoot: server.url,
    codeRoot: server.url,
    authorizeUrl: server.url,
    redirectUrl: 'https://localhost/',
    scopes: [],
    appId: 'app-1',
    appSecret: async () => undefined,
  };
  const adapter = {
    title: 'Threads',
    provider: createMetaProvider({ ...parts, settings }),
    login: createMetaLogin({ ...parts, settings }),
  };
  const told: string[] = [];
  const deps: AccountDeps = {
    store,
    clock,
    vault: new TokenVault({ secrets: async () => secrets, hide: () => {}, lock: (_, work) => work() }),
    adapters: async () => adapter,
    news: { refreshed: () => {}, tell: async (_, { phrase }) => void told.push(phrase.text) },
  };
  const now = clock.now();
  const tokens: AccountTokens = { accessToken: 'old-canary', issuedAt: now - ageMs, expiresAt: now + leftMs };
  await deps.vault.write('threads', tokens, undefined);
  await store.accounts.put({
    name: 'threads',
    state: 'signed-in',
    mirror: null,
    expires_at: now + leftMs,
    refresh_at: adapter.provider.refreshAt(tokens) ?? null,
    refreshed_at: null,
    failures: 0,
    error: null,
    limited_until: null,
    consent_at: null,
    signed_in_at: now - ageMs,
    version: 1,
  });
  const row = async () => store.accounts.find('threads');
  const token = async () => (await deps.vault.read('threads', undefined))?.accessToken;
  return { server, clock, told, row, token, refresher: new Refresher(deps) };
}
