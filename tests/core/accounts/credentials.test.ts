import { expect, test } from 'vitest';
import { AccountCredentials } from '../../../src/core/accounts/credentials.ts';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { NO_USAGE } from '../../../src/core/kernel/messages.ts';
import type { Credential, Credentials } from '../../../src/core/llm/credential.ts';
import { ModelFailure } from '../../../src/core/llm/language-model.ts';
import { accountsKit, BY, MINUTE } from './accounts-kit.ts';

const HOUR = 60 * MINUTE;
const GONE = { status: 400, body: '{"error":"invalid_grant"}' };
const ANTHROPIC = 'anthropic';
const failure = (kind: ModelFailure['kind'], retryAfterMs?: number): ModelFailure =>
  new ModelFailure(kind, 'anthropic said 429 and 401 and what not.', {
    provider: ANTHROPIC,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

async function kit(keys: Readonly<Record<string, string>> = {}, dailyMicroUsd = 0) {
  const parts = await accountsKit();
  const plain: Credentials = {
    take: async () => {
      const value = keys['ANTHROPIC_API_KEY'];
      if (value === undefined) throw new ClawError('auth-missing', 'no key');
      return { kind: 'api-key', value, source: 'secret:ANTHROPIC_API_KEY' };
    },
    failed: async () => ({ again: false }),
    missing: async () =>
      keys['ANTHROPIC_API_KEY'] === undefined ? new ClawError('auth-missing', 'no key') : undefined,
  };
  const { store, clock, refresher, deps } = parts;
  const make = (): AccountCredentials =>
    new AccountCredentials({
      store,
      clock,
      adapters: deps.adapters,
      refresher,
      plain,
      keys: { secret: async (name) => keys[name], dailyMicroUsd, dayStart: () => clock.now() - HOUR },
    });
  const credentials = make();
  const take = async (): Promise<Credential> => {
    const credential = await credentials.take(ANTHROPIC);
    if (credential === undefined) throw new Error('no credential');
    return credential;
  };
  return { ...parts, make, credentials, take };
}

const FALLBACK = { ANTHROPIC_API_KEY_FALLBACK: 'made-up-fallback' };
const BOTH = { ...FALLBACK, ANTHROPIC_API_KEY: 'made-up-plain' };

test('a log-in comes before every key, as a bearer token', async () => {
  const { signIn, take, credentials } = await kit(BOTH);
  const { accessToken } = await signIn(HOUR);
  expect(await take()).toEqual({ kind: 'bearer', value: accessToken, source: 'account:claude' });
  expect(await credentials.missing(ANTHROPIC)).toBeUndefined();
});

test('without a log-in the plain key comes before the one that stands in', async () => {
  expect(await (await kit(BOTH)).take()).toMatchObject({ value: 'made-up-plain' });
  expect(await (await kit(FALLBACK)).take()).toMatchObject({ value: 'made-up-fallback' });
  const none = await kit();
  await expect(none.take()).rejects.toMatchObject({ code: 'auth-missing' });
  expect(await none.credentials.missing(ANTHROPIC)).toMatchObject({ code: 'auth-missing' });
});

test('a log-in that nobody has agreed to is not used', async () => {
  const { service, server, credentials, make } = await kit();
  const { url } = await service.startLogin('claude');
  const { code, state } = server.approve(url);
  await service.endLogin('claude', `${code}#${state}`, { by: BY, isAgreed: false });
  const hint = 'claw auth login claude --accept-risk';
  await expect(credentials.take(ANTHROPIC)).rejects.toMatchObject({ code: 'permission-denied', hint });
  expect(await credentials.missing(ANTHROPIC)).toMatchObject({ code: 'permission-denied', hint });
  await service.agree('claude', BY);
  expect(await make().take(ANTHROPIC)).toMatchObject({ source: 'account:claude' });
});

test('a limit sends calls to the key until its stated reset, tells it, and goes back by itself', async () => {
  const { signIn, take, credentials, clock, row, acts } = await kit(FALLBACK);
  await signIn(9 * HOUR);
  const own = await take();
  expect(await credentials.failed(ANTHROPIC, own, failure('usage-limit', 2 * HOUR))).toEqual({ again: true });
  expect(await row()).toMatchObject({ limited_until: clock.now() + 2 * HOUR, state: 'signed-in' });
  const standIn = await take();
  expect(standIn).toMatchObject({ value: 'made-up-fallback', source: 'secret:ANTHROPIC_API_KEY_FALLBACK' });
  expect(standIn.notice?.phrase.text).toMatch(/takes no more calls until .* which costs money, stands in/);
  expect((await take()).notice).toBeUndefined();
  await clock.advance(2 * HOUR - 1);
  expect(await take()).toMatchObject({ value: 'made-up-fallback' });
  await clock.advance(1);
  expect(await take()).toMatchObject({ source: 'account:claude', notice: { code: 'account-back' } });
  expect(await acts()).toContain('account.limit failed');
});

test('a limit without a stated reset lasts five hours, over a restart too', async () => {
  const { signIn, take, credentials, clock, make } = await kit(FALLBACK);
  await signIn(9 * HOUR);
  await credentials.failed(ANTHROPIC, await take(), failure('usage-limit'));
  await clock.advance(5 * HOUR - 1);
  expect(await make().take(ANTHROPIC)).toMatchObject({ value: 'made-up-fallback' });
  await clock.advance(1);
  expect(await make().take(ANTHROPIC)).toMatchObject({ source: 'account:claude' });
});

test('beside a log-in that is only limited the plain key is left alone', async () => {
  const { signIn, take, credentials } = await kit({ ANTHROPIC_API_KEY: 'made-up-plain' });
  await signIn(9 * HOUR);
  const own = await take();
  const verdict = await credentials.failed(ANTHROPIC, own, failure('usage-limit', HOUR));
  expect(verdict).toMatchObject({ again: false, notice: { code: 'account-limited' } });
  expect(await take()).toMatchObject({ source: 'account:claude' });
});

test.each([
  'rate-limited',
  'overloaded',
  'server',
  'network',
  'forbidden',
  'invalid-request',
  'broken-stream',
] as const)('a failure of the kind %s changes no credential, whatever its text says', async (kind) => {
  const { signIn, take, credentials, server } = await kit(FALLBACK);
  await signIn(HOUR);
  expect(await credentials.failed(ANTHROPIC, await take(), failure(kind))).toEqual({ again: false });
  expect(await take()).toMatchObject({ source: 'account:claude' });
  expect(server.requests).toEqual([]);
});

test('a refused token is renewed and tried again; when that fails the key stands in', async () => {
  const { signIn, take, credentials, server } = await kit(FALLBACK);
  await signIn(HOUR);
  const old = await take();
  expect(await credentials.failed(ANTHROPIC, old, failure('auth'))).toEqual({ again: true });
  const fresh = await take();
  expect(fresh).toMatchObject({ source: 'account:claude' });
  expect(fresh.value).not.toBe(old.value);
  expect(server.requests).toHaveLength(1);
});

test('a refused token that is not renewed makes way for the key, and without one it is told', async () => {
  const withKey = await kit(FALLBACK);
  await withKey.signIn(HOUR);
  withKey.server.replies.push(GONE);
  expect(await withKey.credentials.failed(ANTHROPIC, await withKey.take(), failure('auth'))).toEqual({ again: true });
  expect(await withKey.take()).toMatchObject({ value: 'made-up-fallback' });
  expect(withKey.told).toHaveLength(1);

  const without = await kit();
  await without.signIn(HOUR);
  without.server.replies.push(GONE);
  const verdict = await without.credentials.failed(ANTHROPIC, await without.take(), failure('auth'));
  expect(verdict).toMatchObject({
    again: false,
    notice: { phrase: { text: expect.stringMatching(/refuses the log-in/) as string } },
  });
  await expect(without.take()).rejects.toMatchObject({ code: 'auth-rejected', hint: 'claw auth login claude' });
  expect(await without.credentials.missing(ANTHROPIC)).toMatchObject({ code: 'auth-rejected' });
});

test('a refused token whose renewal is away sends calls to the key until the next try only', async () => {
  const { signIn, take, credentials, server, clock } = await kit(FALLBACK);
  await signIn(HOUR);
  server.replies.push({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>' });
  expect(await credentials.failed(ANTHROPIC, await take(), failure('auth'))).toEqual({ again: true });
  expect(await take()).toMatchObject({ value: 'made-up-fallback' });
  await clock.advance(30_000);
  expect(await take()).toMatchObject({ source: 'account:claude' });
});

test('after a new log-in a dead one is forgotten', async () => {
  const { signIn, take, server, refresher } = await kit(BOTH);
  await signIn(MINUTE);
  server.replies.push(GONE);
  await refresher.refreshDue();
  expect(await take()).toMatchObject({ value: 'made-up-fallback' });
  await signIn(HOUR);
  expect(await take()).toMatchObject({ source: 'account:claude', notice: { code: 'account-back' } });
});

test('the key that stands in costs no more a day than was set, what runs and is reserved counted', async () => {
  const { credentials, store, clock } = await kit(FALLBACK, 1_000_000);
  const call = async (id: string, microUsd: number): Promise<void> => {
    await store.journal.insertModelCall({ ...CALL, id, started_at: clock.now(), charged_micro_usd: microUsd });
  };
  await store.conversations.insert({ ...CONVERSATION, created_at: 1, updated_at: 1 });
  await store.journal.insertTurn(TURN);
  await call('call-1', 600_000);
  await credentials.take(ANTHROPIC);
  await store.journal.updateModelCall('call-1', { state: 'done', ended_at: clock.now() });
  await clock.advance(1000);
  // A call that the key was not taken for does not count.
  await call('call-2', 5_000_000);
  await store.journal.updateModelCall('call-2', { state: 'done', ended_at: clock.now() });
  await clock.advance(1000);
  await call('call-3', 400_000);
  await credentials.take(ANTHROPIC);
  await store.journal.updateModelCall('call-3', { state: 'done', ended_at: clock.now() });
  await clock.advance(1000);
  await call('call-4', 1);
  await expect(credentials.take(ANTHROPIC)).rejects.toMatchObject({
    code: 'limit-reached',
    hint: expect.stringContaining('FALLBACK_KEY_DAILY_USD') as string,
  });
});

const CONVERSATION = { id: 'c-1', owner_id: BY.id, title: '', origin: 'terminal', parent_id: null, parent_seq: null };
const TURN = {
  id: 't-1',
  conversation_id: 'c-1',
  user_id: BY.id,
  model: 'anthropic/claude',
  state: 'running' as const,
  runner: '1:1',
  started_at: 1,
};
const CALL = {
  turn_id: 't-1',
  conversation_id: 'c-1',
  user_id: BY.id,
  model: 'anthropic/claude',
  state: 'started' as const,
  stop_reason: null,
  input_tokens: NO_USAGE.inputTokens,
  output_tokens: 0,
  cached_tokens: 0,
  cache_write_tokens: 0,
  cost_micro_usd: null,
  is_estimated: 0,
  error: null,
  ended_at: null,
  task_id: null,
  tools: '',
  charged_tokens: 0,
  is_metered: 1,
};
