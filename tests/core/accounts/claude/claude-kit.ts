/** Owns what tests of the Claude subscription share: a token endpoint on loopback and the client that reaches it. */
import { onTestFinished } from 'vitest';
import { createAccountHttp } from '../../../../src/core/accounts/account-http.ts';
import type { ClaudeDeps } from '../../../../src/core/accounts/claude/claude-account.ts';
import { createGuardedFetch } from '../../../../src/core/net/guarded-fetch.ts';
import { type ManualClock, manualClock } from '../../../fakes/manual-clock.ts';
import { openTokenServer, type TokenServer } from '../../../fakes/oauth/token-server.ts';

export interface ClaudeKit {
  readonly server: TokenServer;
  readonly clock: ManualClock;
  readonly deps: ClaudeDeps;
}

export async function claudeKit(timeoutMs = 2000): Promise<ClaudeKit> {
  const server = await openTokenServer();
  onTestFinished(() => server.close());
  const clock = manualClock();
  const fetch = createGuardedFetch({
    resolve: async () => ['127.0.0.1'],
    trustedOrigins: [new URL(server.url).origin],
  });
  const settings = {
    clientId: 'client-1',
    tokenUrl: server.url,
    authorizeUrl: 'https://login.example.com/oauth/authorize',
    redirectUrl: 'https://login.example.com/oauth/code/callback',
    scopes: ['user:profile', 'user:inference'],
  };
  return { server, clock, deps: { http: createAccountHttp(fetch, timeoutMs), clock, settings } };
}
