/** Owns what tests of accounts share: a stand-in of the endpoints, a guarded client that may reach it, a clock that stands still. */
import { onTestFinished } from 'vitest';
import { type AccountHttp, createAccountHttp } from '../../../src/core/accounts/account-http.ts';
import { AccountFailure } from '../../../src/core/accounts/account-failure.ts';
import { createGuardedFetch } from '../../../src/core/net/guarded-fetch.ts';
import { resolveBySystem } from '../../../src/core/net/resolve.ts';
import { manualClock, type ManualClock } from '../../fakes/manual-clock.ts';
import { type EndpointServer, startEndpoints } from '../../fakes/oauth/endpoint-server.ts';

export interface AccountBench {
  readonly server: EndpointServer;
  readonly http: AccountHttp;
  readonly clock: ManualClock;
  readonly signal: AbortSignal;
}

/** `timeoutMs`: how long one request may take. */
export async function accountBench(timeoutMs?: number): Promise<AccountBench> {
  const server = await startEndpoints();
  onTestFinished(() => server.close());
  const fetch = createGuardedFetch({ resolve: resolveBySystem, trustedOrigins: [server.url] });
  return {
    server,
    http: createAccountHttp(fetch, timeoutMs),
    clock: manualClock(),
    signal: new AbortController().signal,
  };
}

/** The failure that `work` ends with, as `kind: message`. */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  return thrown instanceof AccountFailure ? `${thrown.kind}: ${thrown.message}` : String(thrown);
}
