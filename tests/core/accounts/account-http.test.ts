import { expect, it, onTestFinished } from 'vitest';
import { createAccountHttp } from '../../../src/core/accounts/account-http.ts';
import { createGuardedFetch } from '../../../src/core/net/guarded-fetch.ts';
import { resolveBySystem } from '../../../src/core/net/resolve.ts';
import { startEndpoints } from '../../fakes/oauth/endpoint-server.ts';
import { failureOf } from './account-kit.ts';

it('does not follow a redirect to another server, which would take the token there', async () => {
  const [server, other] = [await startEndpoints(), await startEndpoints()];
  onTestFinished(async () => {
    await server.close();
    await other.close();
  });
  const trustedOrigins = [server.url, other.url];
  const http = createAccountHttp(createGuardedFetch({ resolve: resolveBySystem, trustedOrigins }));
  const location = `${other.url}/token?access_token=token-canary`;
  server.answer('/token', { status: 302, headers: { location } });
  const { signal } = new AbortController();
  const failure = await failureOf(http({ url: `${server.url}/token?access_token=token-canary`, signal }));
  expect(failure).toMatch(/^blocked: .*redirects to another server/);
  expect(failure).not.toContain('canary');
  expect(other.questions).toEqual([]);
});
