import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type EndpointServer, startEndpoints } from '../fakes/oauth/endpoint-server.ts';
import { type ClawRun, runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const REFRESH = '/refresh_access_token';

interface Machine {
  readonly home: string;
  readonly server: EndpointServer;
  /** Everything the runs have printed. */
  readonly printed: string[];
  run(args: readonly string[], input?: string): Promise<ClawRun>;
  json(args: readonly string[]): Promise<{ readonly json: unknown; readonly code: number | null }>;
  write(env: string): void;
}

async function machine(): Promise<Machine> {
  const home = await temporaryDirectory();
  const server = await startEndpoints();
  onTestFinished(() => server.close());
  const env = {
    PATH: '/usr/bin:/bin',
    THREADS_API_ROOT: server.url,
    THREADS_APP_ID: 'app-1',
    THREADS_APP_SECRET: 'app-secret-canary',
    INSTAGRAM_API_ROOT: server.url,
    INSTAGRAM_APP_ID: 'app-2',
    INSTAGRAM_APP_SECRET: 'app-secret-canary',
    GITHUB_API_ROOT: server.url,
    COPILOT_CLIENT_ID: 'client-1',
  };
  const printed: string[] = [];
  const timeoutMs = 60_000;
  return {
    home,
    server,
    printed,
    async run(args, input = '') {
      const done = await runClaw(args, { home, env, input, timeoutMs });
      printed.push(done.stdout, done.stderr);
      return done;
    },
    async json(args) {
      const { json, code, stdout, stderr } = await runClawJson(args, { home, env, timeoutMs });
      printed.push(stdout, stderr);
      return { json, code };
    },
    write: (text) => writeFileSync(join(home, '.env'), text),
  };
}

/** Files of the home, the sealed store and the `.env` aside, that hold a token, and what was printed of one. */
function leaks({ home, printed }: Machine): string[] {
  const files = globSync('**/*', { cwd: home, exclude: (path) => path === 'secrets.sealed' });
  const holding = files.filter((path) => {
    const file = join(home, path);
    return basename(path) !== '.env' && statSync(file).isFile() && readFileSync(file, 'latin1').includes('canary');
  });
  return [...holding, ...printed.filter((text) => text.includes('canary'))];
}

const TIME = { timeout: 90_000 };

test.each(['threads', 'instagram'])('%s: log-in by address and code, apart from each other', TIME, async (name) => {
  const all = await machine();
  const { server, run, json } = all;
  server.answer('/oauth/access_token', { body: { access_token: 'short-canary', user_id: 17 } });
  server.answer('/access_token', { body: { access_token: 'long-canary', expires_in: 60 * 86_400 } });
  const { json: start } = await json(['auth', 'login', name, '--print-url']);
  const { url, expires_at } = start as { url: string; expires_at: string };
  expect(Date.parse(expires_at)).toBeGreaterThan(Date.now());
  const state = new URL(url).searchParams.get('state') ?? '';
  const wrong = await run(['auth', 'login', name, '--code', 'CODE-1#otherstate']);
  expect(wrong).toMatchObject({ code: 4, stderr: expect.stringContaining('its state does not match') as unknown });
  expect(server.questions).toEqual([]);
  const answer = `https://localhost/?code=CODE-1&state=${state}#_`;
  expect(await run(['auth', 'login', name, '--code', answer])).toMatchObject({ code: 0 });
  const [account] = (await json(['auth', 'status'])).json as { account: string; state: string; expires_at: string }[];
  expect(account).toMatchObject({ account: name, state: 'fresh', source: 'secret store' });
  expect(Math.abs(Date.parse(account?.expires_at ?? '') - Date.now() - 60 * 86_400_000)).toBeLessThan(600_000);
  // It is not 24 hours old.
  expect(await run(['auth', 'refresh', name])).toMatchObject({ code: 0 });
  expect(server.asked(REFRESH)).toEqual([]);
  expect(leaks(all)).toEqual([]);
});

test('the code may be typed after the address was shown; nothing typed changes nothing', TIME, async () => {
  const all = await machine();
  const { server, run } = all;
  expect(await run(['auth', 'login', 'threads'])).toMatchObject({ code: 130 });
  server.answer('/oauth/access_token', { body: { access_token: 'short-canary', user_id: 17 } });
  server.answer('/access_token', { body: { access_token: 'long-canary', expires_in: 60 * 86_400 } });
  const { code, stderr } = await run(['auth', 'login', 'threads', '--env'], 'CODE-1#_\n');
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('/oauth/authorize') as unknown });
  // 49: the key was absent.
  expect(readFileSync(join(all.home, '.env'), 'utf8')).toBe('THREADS_ACCESS_TOKEN=long-canary\n');
  expect(statSync(join(all.home, '.env')).mode & 0o777).toBe(0o600);
  expect(leaks(all)).toEqual([]);
});

test(
  '49: a token of the .env is renewed where it stands, once, and nothing else of the file changes',
  TIME,
  async () => {
    const all = await machine();
    const { server, run, write, home } = all;
    const before = '# mine\r\nA=$&\r\n\texport THREADS_ACCESS_TOKEN = old-canary # not this\r\nB="x#y"\r\n';
    write(before);
    const token = "new-canary$&$1$'$`";
    server.answer(REFRESH, { status: 503 }, { delayMs: 500, body: { access_token: token, expires_in: 5_184_000 } });
    const both = await Promise.all([run(['auth', 'refresh', 'threads']), run(['auth', 'refresh', 'threads'])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const asked = server.asked(REFRESH).map(({ query }) => query['access_token']);
    expect(asked).toEqual(['old-canary', 'old-canary']);
    const after = readFileSync(join(home, '.env'), 'utf8');
    expect(after).toMatch(/= ['"]new-canary/);
    expect(after.replace(/(['"])new-canary.*?\1/, 'old-canary')).toBe(before);
    expect(leaks(all)).toEqual([]);
  },
);

test.each([
  ['400', { status: 400, body: { error: { message: 'old-canary', type: 'OAuthException', code: 190 } } }, 4],
  ['a page with 403', { status: 403, body: '<html>old-canary</html>' }, 8],
  ['429', { status: 429, headers: { 'retry-after': '3600' }, body: {} }, 8],
  ['half an answer', { body: { access_token: 'new-canary', expires_in: 5 }, cutAfter: 20 }, 8],
])('%s of the service leaves the token and tells why', TIME, async (_, answer, code) => {
  const all = await machine();
  const { server, run, json, write, home } = all;
  write('THREADS_ACCESS_TOKEN=old-canary\n');
  server.answer(REFRESH, answer);
  const done = await run(['auth', 'refresh', 'threads']);
  expect(done).toMatchObject({ code });
  const [account] = (await json(['auth', 'status'])).json as { state: string; error: string }[];
  expect(account?.state).toBe(code === 4 ? 'needs-login' : 'expiring');
  expect(account?.error).toMatch(/^(?:Threads|127\.0\.0\.1)/);
  expect(readFileSync(join(home, '.env'), 'utf8')).toBe('THREADS_ACCESS_TOKEN=old-canary\n');
  expect(leaks(all)).toEqual([]);
});

test('copilot: the code is shown, GitHub asked until it was entered, and its token exchanged', TIME, async () => {
  const all = await machine();
  const { server, run, json } = all;
  server.answer('/login/device/code', {
    body: {
      device_code: 'device-canary',
      user_code: 'ABCD-1234',
      verification_uri: 'https://example.com/login/device',
      expires_in: 900,
      interval: 1,
    },
  });
  const pending = { body: { error: 'authorization_pending' } };
  server.answer('/login/oauth/access_token', pending, { body: { access_token: 'github-canary' } });
  const expires_at = Math.floor(Date.now() / 1000) + 1800;
  server.answer('/copilot_internal/v2/token', { body: { token: 'copilot-canary', expires_at, refresh_in: 1500 } });
  const { code, stderr } = await run(['auth', 'login', 'copilot']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('ABCD-1234') as unknown });
  expect(stderr).toContain('https://example.com/login/device');
  expect(server.asked('/login/oauth/access_token')).toHaveLength(2);
  expect((await json(['auth', 'status'])).json).toMatchObject([{ account: 'copilot', state: 'fresh', error: null }]);
  expect(leaks(all)).toEqual([]);
});

test('copilot: without a client id it is said how to get one', async () => {
  const { code, stderr } = await runClaw(['auth', 'login', 'copilot']);
  expect(code).toBe(3);
  expect(stderr).toContain('COPILOT_CLIENT_ID');
  expect(stderr).toContain('https://github.com/settings/developers');
});
