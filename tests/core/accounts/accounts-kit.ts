/** Owns what tests of accounts share: the Claude subscription on a stand-in of its token endpoint, a real store, and secrets in memory. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createAccountService } from '../../../src/core/accounts/account-service.ts';
import type { AccountAdapter, AccountTokens } from '../../../src/core/accounts/account-provider.ts';
import { createClaudeProvider } from '../../../src/core/accounts/claude/claude-account.ts';
import { claudeFile } from '../../../src/core/accounts/claude/claude-file.ts';
import { createClaudeLogin } from '../../../src/core/accounts/claude/claude-login.ts';
import { type AccountDeps, Refresher } from '../../../src/core/accounts/refresher.ts';
import { TokenVault } from '../../../src/core/accounts/token-vault.ts';
import { withFileLock } from '../../../src/core/kernel/file-lock.ts';
import { createSecretService } from '../../../src/core/secrets/secret-service.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { createMemorySecretStore } from '../../fakes/memory-secret-store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { claudeKit } from './claude/claude-kit.ts';

export const MINUTE = 60_000;
export const BY = { id: 'owner-1', username: 'owner' };

export async function accountsKit() {
  const parts = await claudeKit();
  const { clock } = parts;
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await store.users.insertIfAbsent({ ...BY, role: 'admin', state: 'active', created_at: 1 });
  const secretStore = createMemorySecretStore();
  const hidden = new Set<string>();
  const secrets = createSecretService({
    lookUp: () => undefined,
    knownNames: [],
    stores: { all: [secretStore], targets: [secretStore] },
    register: () => {},
  });
  const told: string[] = [];
  const outcomes: string[] = [];
  const adapter: AccountAdapter = {
    title: 'Claude',
    provider: createClaudeProvider(parts.deps),
    login: createClaudeLogin(parts.deps),
    mirror: (place) => (place === null ? undefined : claudeFile(place, () => clock.now())),
    models: {
      provider: 'anthropic',
      credential: ({ accessToken }) => ({ kind: 'bearer', value: accessToken, source: 'account:claude' }),
    },
    risk: 'It may be against the terms.',
  };
  /** As another process of the same home would have it. */
  const process = () => {
    const deps: AccountDeps = {
      store,
      clock,
      vault: new TokenVault({
        secrets: async () => secrets,
        hide: (text) => void hidden.add(text),
        lock: (name, work) => withFileLock(join(home, 'run', `account-${name}.lock`), work),
      }),
      adapters: async () => adapter,
      news: {
        refreshed: (_, outcome) => void outcomes.push(outcome),
        tell: async (_, { phrase }) => void told.push(phrase.text),
      },
    };
    const refresher = new Refresher(deps);
    return { deps, refresher, service: createAccountService(deps, refresher) };
  };
  const own = process();
  /** A log-in whose access token ends `leftMs` from now; agreed to. */
  const signIn = async (leftMs: number, change: Partial<AccountTokens> = {}): Promise<AccountTokens> => {
    const { url } = await own.service.startLogin('claude');
    const { code, state } = parts.server.approve(url);
    parts.server.answer.expiresIn = 8 * 3600;
    await own.service.endLogin('claude', `${code}#${state}`, { by: BY, isAgreed: true });
    const [refreshToken = '', accessToken = ''] = parts.server.given.slice(-2);
    const now = clock.now();
    const tokens = { accessToken, refreshToken, issuedAt: now - 60 * MINUTE, expiresAt: now + leftMs, ...change };
    await own.deps.vault.write('claude', tokens, undefined);
    const refreshAt = adapter.provider.refreshAt(tokens) ?? null;
    await store.accounts.change('claude', { expires_at: tokens.expiresAt, refresh_at: refreshAt });
    parts.server.forget();
    return tokens;
  };
  const row = async () => {
    const found = await store.accounts.find('claude');
    if (found === undefined) throw new Error('no account');
    return found;
  };
  const acts = async () =>
    (await store.audit.list({ action: 'account.*' }, 50))
      .map(({ action, outcome }) => `${action} ${outcome}`)
      .toReversed();
  const kept = async (): Promise<AccountTokens> => {
    const secret = await secretStore.get('ACCOUNT_CLAUDE');
    return JSON.parse(secret?.value ?? 'null') as AccountTokens;
  };
  return {
    ...parts,
    home,
    store,
    secretStore,
    secrets,
    hidden,
    told,
    outcomes,
    process,
    signIn,
    row,
    acts,
    kept,
    ...own,
  };
}
