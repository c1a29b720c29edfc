import { expect, test } from 'vitest';
import { renewAccounts } from '../../src/serve/renew-accounts.ts';
import { accountsKit, MINUTE } from '../core/accounts/accounts-kit.ts';
import { quietLog } from '../fakes/quiet-log.ts';

async function running() {
  const kit = await accountsKit();
  const { clock, service, refresher } = kit;
  const stop = new AbortController();
  const accounts = async () => ({ service, refresher }) as never;
  const begin = (): Promise<void> =>
    renewAccounts({ clock, accounts, store: async () => kit.store }, quietLog, stop.signal);
  return { ...kit, begin, stop };
}

test('a server renews a token at the instant it is due, not before, and sleeps in between', async () => {
  const { signIn, begin, stop, clock, server } = await running();
  await signIn(6 * MINUTE);
  const done = begin();
  await expect.poll(() => clock.sleeping()).toEqual([30_000]);
  await clock.advance(30_000);
  await expect.poll(() => clock.sleeping()).toEqual([30_000]);
  await clock.advance(29_999);
  expect(server.requests).toEqual([]);
  await clock.advance(1);
  await expect.poll(() => server.requests.length).toBe(1);
  await expect.poll(() => clock.sleeping()).toEqual([30_000]);
  stop.abort();
  await done;
  expect(server.requests).toHaveLength(1);
});

test('a log-in that is lost is told and stops nothing', async () => {
  const { signIn, begin, stop, clock, server, told } = await running();
  await signIn(MINUTE);
  server.replies.push({ status: 400, body: '{"error":"invalid_grant"}' });
  const done = begin();
  await expect.poll(() => told.length).toBe(1);
  await expect.poll(() => clock.sleeping()).toEqual([30_000]);
  await clock.advance(30 * MINUTE);
  expect(server.requests).toHaveLength(1);
  stop.abort();
  await done;
});
