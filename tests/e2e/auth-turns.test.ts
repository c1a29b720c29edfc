/** Turns on log-ins through the binary: one refresh for many, fallback by typed failures only, and no token anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { plainReply } from '../fakes/llm/model-server.ts';
import { authKit, filesWith, formsOfSecret, MINUTE, says } from './auth-kit.ts';
import { ask } from './http-kit.ts';
import { bareEnvironment, CLAW } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

const SLOW = { timeout: 180_000 };
const FALLBACK = { ANTHROPIC_API_KEY_FALLBACK: 'made-up-fallback-key' };
const KEY = 'key made-up-fallback-key';
const GONE = { status: 400, body: '{"error":"invalid_grant"}' };
const limit = (headers: Record<string, string>) =>
  plainReply(429, { type: 'error', error: { type: 'rate_limit_error', message: 'Too much.' } }, headers);

test('A43, A44: twenty turns at once on an ending token make one refresh, all with the new token', SLOW, async () => {
  const kit = await authKit();
  await kit.importLogin(4 * MINUTE);
  const serve = await startServe({
    home: kit.home,
    env: { ...kit.env, MAX_CONCURRENT_TURNS: '20', MAX_DAILY_CALLS: '0', API_RATE_LIMIT: '1000' },
  });
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, turn) => ask(serve, '/api/v1/chat', { body: { message: `hello ${turn}` } })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(kit.server.requests).toHaveLength(1);
  expect(new Set(kit.proofs())).toEqual(new Set([`bearer ${kit.server.given.at(-1)}`]));
  const metrics = (await ask(serve, '/metrics')).text;
  expect(metrics).toContain('claw_account_state{account="claude",state="fresh"} 1');
  const accounts = await ask(serve, '/api/v1/accounts');
  expect(accounts.json).toMatchObject([{ account: 'claude', state: 'fresh', calls_with: 'account:claude' }]);
  kit.printed.push(serve.log(), metrics, accounts.text);
  await serve.stop();
  kit.printed.push(serve.log());
  expectNoToken(kit);
});

test('two processes at once make one refresh', SLOW, async () => {
  const kit = await authKit();
  await kit.importLogin(4 * MINUTE);
  const runs = await Promise.all([kit.run(['chat', '-p', 'hello']), kit.run(['chat', '-p', 'hello'])]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(kit.server.requests).toHaveLength(1);
  expect(new Set(kit.proofs())).toEqual(new Set([`bearer ${kit.server.given.at(-1)}`]));
});

test('a process that is killed while the service answers leaves an honest state', SLOW, async () => {
  const kit = await authKit();
  await kit.importLogin(-MINUTE);
  const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  // The service takes the old token; its answer never comes.
  kit.server.rotateAndHold(asked.resolve, held.promise);
  const child = spawn(process.execPath, [CLAW, 'chat', '-p', 'hello'], {
    env: bareEnvironment(kit.home, kit.env),
    stdio: 'ignore',
  });
  await asked.promise;
  child.kill('SIGKILL');
  await once(child, 'close');
  held.resolve();
  expect(await kit.json(['auth', 'status'])).toMatchObject([{ state: 'expiring', error: null }]);
  const next = await kit.run(['auth', 'refresh']);
  expect(next.stdout).toMatch(/needs-login/);
  expect(await kit.json(['auth', 'status'])).toMatchObject([{ state: 'needs-login' }]);
});

test('A46: a dead log-in makes way for the key, and text that holds 429 for nothing', SLOW, async () => {
  const kit = await authKit(() => says('HTTP 429 rate limit exceeded, error 429.'));
  const { accessToken } = await kit.importLogin(60 * MINUTE);
  const both = { ...FALLBACK, ANTHROPIC_API_KEY: 'made-up-plain-key' };
  await kit.run(['chat', '-p', 'hello'], both);
  await kit.run(['chat', '-p', 'hello'], both);
  expect(kit.proofs()).toEqual([`bearer ${accessToken}`, `bearer ${accessToken}`]);
  const [status] = (await kit.json(['auth', 'status'], both)) as { warnings: string[] }[];
  expect(status?.warnings).toEqual([expect.stringMatching(/ANTHROPIC_API_KEY is set too/)]);
  kit.server.replies.push(GONE);
  expect((await kit.run(['auth', 'refresh', 'claude'], both)).code).toBe(4);
  const dead = await kit.run(['chat', '-p', 'hello'], both);
  expect(dead).toMatchObject({ code: 0 });
  expect(dead.stderr).toMatch(/ANTHROPIC_API_KEY_FALLBACK, which costs money, stands in/);
  expect(kit.proofs().at(-1)).toBe(KEY);
  expect(kit.server.requests).toHaveLength(1);
});

test('A46: HTTP 429 makes way for the key until the stated reset, then the log-in is used again', SLOW, async () => {
  let isLimited = true;
  const kit = await authKit((proof) =>
    proof.startsWith('bearer') && isLimited ? limit({ 'retry-after': '12' }) : undefined,
  );
  const { accessToken } = await kit.importLogin(60 * MINUTE);
  const began = Date.now();
  const switched = await kit.run(['chat', '-p', 'hello'], FALLBACK);
  expect(switched).toMatchObject({ code: 0 });
  expect(switched.stderr).toMatch(/takes no more calls until/);
  isLimited = false;
  expect(kit.proofs()).toEqual([`bearer ${accessToken}`, KEY]);
  const status = (await kit.json(['auth', 'status'], FALLBACK)) as {
    limited_until: string | null;
    calls_with: string;
  }[];
  expect(status).toMatchObject([{ calls_with: 'secret:ANTHROPIC_API_KEY_FALLBACK', state: 'fresh' }]);
  expect(Date.parse(status[0]?.limited_until ?? '') - began).toBeGreaterThan(11_000);
  await expect
    .poll(async () => ((await kit.json(['auth', 'status'], FALLBACK)) as typeof status)[0]?.calls_with, {
      timeout: 60_000,
      interval: 2000,
    })
    .toBe('account:claude');
  await kit.run(['chat', '-p', 'hello'], FALLBACK);
  expect(kit.proofs().at(-1)).toBe(`bearer ${accessToken}`);
});

test('a limit without a stated reset lasts five hours; the key has its own limit of money', SLOW, async () => {
  const kit = await authKit((proof) => (proof.startsWith('bearer') ? limit({}) : undefined));
  await kit.importLogin(60 * MINUTE);
  const began = Date.now();
  const refused = await kit.run(['chat', '-p', 'hello'], { ...FALLBACK, FALLBACK_KEY_DAILY_USD: '0.000001' });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toMatch(/ANTHROPIC_API_KEY_FALLBACK may cost \$0\.00 a day/);
  const status = (await kit.json(['auth', 'status'], FALLBACK)) as { limited_until: string }[];
  const hours = (Date.parse(status[0]?.limited_until ?? '') - began) / 3_600_000;
  expect(hours).toBeGreaterThan(4.99);
  expect(hours).toBeLessThan(5.1);
  await kit.run(['chat', '-p', 'hello'], FALLBACK);
  expect(kit.proofs().map((proof) => proof.split(' ', 1)[0])).toEqual(['bearer', 'key']);
});

test('A46: a refused token is renewed once and the turn goes on', SLOW, async () => {
  const kit = await authKit((proof) =>
    proof.includes('imported')
      ? plainReply(401, { type: 'error', error: { type: 'authentication_error', message: 'x' } })
      : undefined,
  );
  await kit.importLogin(60 * MINUTE);
  const run = await kit.run(['chat', '-p', 'hello'], FALLBACK);
  expect(run).toMatchObject({ code: 0 });
  expect(kit.server.requests).toHaveLength(1);
  expect(kit.proofs().at(-1)).toBe(`bearer ${kit.server.given.at(-1)}`);
  const exported = await kit.run(['audit', 'export']);
  expect(exported.stdout).toContain('account.refresh');
  expect(await kit.run(['backup', 'create'])).toMatchObject({ code: 0 });
  expectNoToken(kit);
});

/** A50: no token in what was printed, nor in any file but the sealed store and the file of the Claude CLI, which was asked for. */
function expectNoToken(kit: Awaited<ReturnType<typeof authKit>>): void {
  const tokens = [...kit.server.given, ...kit.proofs().map((proof) => proof.split(' ')[1] ?? '')];
  const printed = kit.printed.join('\n');
  expect(tokens.length).toBeGreaterThan(2);
  // The search finds what is there.
  expect(filesWith(kit.home, kit.server.given.at(-1) ?? '', [])).toEqual(['cli/.credentials.json']);
  for (const token of new Set(tokens)) {
    for (const form of formsOfSecret(token)) expect(printed).not.toContain(form);
    expect([token, filesWith(kit.home, token, ['cli/.credentials.json'])]).toEqual([token, []]);
  }
}
