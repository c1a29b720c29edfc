/** How people get into the dashboard, in a real browser: the set-up link of the first start, claw dashboard, approval of new browsers, one's own account, and the end of a session. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openPage, type SeenPage, seriousFindings, sharedBrowser } from './browser-kit.ts';
import { ask, urlOf } from './http-kit.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
// Nothing listens there: a model that is tried says so at once.
const NO_SERVICE = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9/v1' };
const serve = sharedServe(() => ({
  env: { AUTH_ENABLED: 'true', LOGIN_RATE_LIMIT: '1000', API_RATE_LIMIT: '10000', ...NO_SERVICE },
}));
const SLOW = { timeout: 90_000 };
const NAME = 'Rosa';
const PASSWORD = 'made up for this test';
const NEXT_PASSWORD = 'made up anew for it';

const home = (): string => serve().home;
const setUpFile = (): string => join(home(), 'run', 'setup-link');
/** The link as this machine reaches it. */
const setUpLink = (): URL => new URL(readFileSync(setUpFile(), 'utf8').trim());
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true });
/** The browser says of each 401 that there was one. */
const unexpected = ({ complaints }: SeenPage): string[] => complaints.filter((text) => !/40[13]|429/.test(text));
const actions = async (): Promise<string[]> =>
  ((await runClawJson(['audit', 'list'], { home: home() })).json as { action: string }[]).map(({ action }) => action);

async function signIn(seen: SeenPage, password: string): Promise<void> {
  await heading(seen.page, 'Sign in').waitFor();
  await seen.page.getByLabel('Name and password').check();
  await seen.page.getByLabel('Name', { exact: true }).fill(NAME);
  await seen.page.getByLabel('Password', { exact: true }).fill(password);
  await seen.page.getByRole('button', { name: 'Sign in' }).click();
}

async function enterByLink(): Promise<SeenPage> {
  const { json } = await runClawJson(['dashboard', '--print'], { home: home() });
  const { pathname, hash } = new URL((json as { url: string }).url);
  const seen = await openPage(browser(), serve(), `${pathname}${hash}`);
  await heading(seen.page, 'Overview').waitFor();
  return seen;
}

test('the first start shows the way in to whoever started it, and keeps the secret out of the log', SLOW, async () => {
  expect(statSync(setUpFile()).mode & 0o777).toBe(0o600);
  const { pathname, hash, host } = setUpLink();
  expect([pathname, host]).toEqual(['/dashboard/setup', new URL(urlOf(serve(), '/')).host]);
  expect(hash).toMatch(/^#[0-9a-f]{64}$/);
  expect(serve().log()).toContain('nobody can sign in yet');
  expect(serve().log()).not.toContain(hash.slice(1));
});

test('the set-up link makes the owner, once, and leads to the chat', SLOW, async () => {
  const { pathname, hash } = setUpLink();
  const secret = hash.slice(1);
  const hostile = { origin: 'http://attacker.example.com' };
  const body = { secret, username: 'mallory', password: PASSWORD };
  expect((await ask(serve(), '/api/v1/auth/set-up', { body, headers: hostile })).status).toBe(403);
  const guess = { ...body, secret: '0'.repeat(64) };
  expect((await ask(serve(), '/api/v1/auth/set-up', { body: guess })).status).toBe(401);

  const seen = await openPage(browser(), serve(), `${pathname}${hash}`);
  const { page } = seen;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  await heading(page, 'Welcome to claw').waitFor();
  expect(page.url()).not.toContain(secret);
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByLabel('Your name').fill(NAME);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByText('7 more characters.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByText(`You are signed in as ${NAME}.`).waitFor();
  await page.getByLabel('Anthropic (Claude), with an API key').check();
  await page.getByLabel('API key (ANTHROPIC_API_KEY)').fill('not-a-key-of-anybody');
  await page.getByRole('button', { name: 'Save and test' }).click();
  await page.getByRole('alert').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByLabel('Name of the assistant').fill('Clawdia');
  await page.getByLabel('Time zone').selectOption('Asia/Seoul');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await page.getByLabel('Write a message').waitFor();
  expect(new URL(page.url()).pathname).toBe('/dashboard/chat');
  expect(unexpected(seen)).toEqual([]);
  expect(sent.filter((each) => each.includes(secret))).toEqual([]);
  for (const cookie of await page.context().cookies()) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  }
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage, history.state])')).not.toContain(secret);

  const users = (await runClawJson(['user', 'list'], { home: home() })).json as { username: string; role: string }[];
  expect(users.map(({ username, role }) => [username, role])).toEqual([[NAME, 'admin']]);
  const { json: name } = await runClawJson(['config', 'get', 'ASSISTANT_NAME'], { home: home() });
  expect(JSON.stringify(name)).toContain('Clawdia');
  const { json: secrets } = await runClawJson(['secret', 'list'], { home: home() });
  expect(JSON.stringify(secrets)).toContain('ANTHROPIC_API_KEY');
  expect(existsSync(setUpFile())).toBe(false);
  const told = serve().log() + JSON.stringify((await runClawJson(['audit', 'list'], { home: home() })).json);
  for (const word of [secret, PASSWORD, 'not-a-key-of-anybody']) expect(told).not.toContain(word);
  expect(await actions()).toEqual(expect.arrayContaining(['link.create', 'user.set-up', 'session.open', 'secret.set']));

  expect((await ask(serve(), '/api/v1/auth/set-up', { body })).status).toBe(401);
  const again = await openPage(browser(), serve(), `${pathname}${hash}`);
  await heading(again.page, 'This link does not work').waitFor();
  expect(await again.page.getByRole('alert').textContent()).toContain('This link was used.');
  await again.page.getByRole('button', { name: 'Go to the sign-in' }).click();
  await signIn(again, PASSWORD);
  await heading(again.page, 'Overview').waitFor();
  await again.page.getByText(`${NAME} (admin)`).waitFor();
});

test('claw dashboard opens a browser that is signed in, by a page that only its user can read', SLOW, async () => {
  const folder = await temporaryDirectory();
  const seenBy = join(folder, 'called-with');
  const program = join(folder, 'browser.sh');
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > ${seenBy}.new && mv ${seenBy}.new ${seenBy}\n`, {
    mode: 0o755,
  });
  const env = { BROWSER: program, DISPLAY: ':0', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
  const { stdout, stderr, code } = await runClaw(['dashboard'], { home: home(), env });
  expect([code, stderr]).toEqual([0, expect.stringContaining('Opened in your browser.')]);
  const { hash } = new URL(stdout.trim());
  await expect.poll(() => existsSync(seenBy)).toBe(true);
  const address = readFileSync(seenBy, 'utf8').trim();
  expect(address).toMatch(/^file:/);
  expect(address).not.toContain(hash.slice(1));
  expect(statSync(fileURLToPath(address)).mode & 0o777).toBe(0o600);

  const context = await browser().newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(address);
  await heading(page, 'Overview').waitFor();
  expect(page.url()).not.toContain(hash.slice(1));
  await context.close();
  const used = await openPage(browser(), serve(), `/dashboard/enter${hash}`);
  await heading(used.page, 'This link is not good any more').waitFor();
  expect(await seriousFindings(used.page)).toEqual([]);
  expect(serve().log()).not.toContain(hash.slice(1));
});

test('a password is changed, other sessions end, and so do all', SLOW, async () => {
  const other = await openPage(browser(), serve(), '/');
  await signIn(other, PASSWORD);
  await heading(other.page, 'Overview').waitFor();
  const seen = await enterByLink();
  const { page } = seen;
  await page.getByRole('link', { name: 'Your account' }).click();
  await heading(page, 'Your account').waitFor();
  const sessions = page.getByRole('table', { name: 'Where you are signed in' }).getByRole('row');
  await page.getByText('This browser').waitFor();
  expect(await sessions.count()).toBeGreaterThan(2);
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByLabel('Current password').fill('not this one');
  await page.getByLabel('New password', { exact: true }).fill(NEXT_PASSWORD);
  await page.getByLabel('New password again').fill(NEXT_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The current password is wrong.').waitFor();
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password was changed.').waitFor();
  await expect.poll(() => sessions.count()).toBe(2);
  expect(unexpected(seen)).toEqual([]);

  // In the middle of work the session of the other browser is over, and its page says so by itself.
  await other.page.getByText('Your session has ended.').waitFor();
  await signIn(other, PASSWORD);
  await other.page.getByText('The name or the password is wrong.').waitFor();
  await signIn(other, NEXT_PASSWORD);
  await heading(other.page, 'Overview').waitFor();

  await page.getByRole('button', { name: 'Sign out everywhere', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await heading(page, 'Sign in').waitFor();
  const cookies = await other.page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  expect((await ask(serve(), '/api/v1/auth/me', { headers: { cookie } })).status).toBe(401);
});

test('with pairing on, the right password of a new browser waits for an admin', SLOW, async () => {
  const admin = await enterByLink();
  await runClaw(['config', 'set', 'DASHBOARD_PAIRING', 'true'], { home: home() });
  await serve().logged('settings read again');
  const tokens = { username: NAME, password: NEXT_PASSWORD };
  await expect
    .poll(async () => (await ask(serve(), '/api/v1/auth/login', { body: tokens })).status, { timeout: 10_000 })
    .toBe(403);

  const fresh = await openPage(browser(), serve(), '/');
  await signIn(fresh, NEXT_PASSWORD);
  await heading(fresh.page, 'Waiting for approval').waitFor();
  expect(await seriousFindings(fresh.page)).toEqual([]);
  expect((await fresh.page.context().cookies()).map(({ name }) => name)).toEqual([]);
  const code = (await fresh.page.locator('.secret-shown').textContent()) ?? '';
  const { json: waiting } = await runClawJson(['device', 'list'], { home: home() });
  const offer = (waiting as { id: string; state: string; asked_by: string | null; name: string; from: string }[]).find(
    ({ state }) => state === 'pending',
  );
  expect(offer).toMatchObject({ asked_by: NAME, from: '127.0.0.1' });
  expect(offer?.name).toContain('Mozilla');
  await runClaw(['user', 'create', 'ben'], { home: home() });
  expect((await runClaw(['device', 'approve', code, '--user', 'ben'], { home: home() })).code).toBe(7);
  expect((await runClaw(['device', 'approve', code], { home: home() })).code).toBe(0);
  await heading(fresh.page, 'Overview').waitFor();
  await fresh.page.getByText(`${NAME} (admin)`).waitFor();
  const device = (await fresh.page.context().cookies()).find(({ name }) => name === 'claw_device');
  expect(device).toMatchObject({ httpOnly: true, sameSite: 'Strict' });

  // It is known from then on, until it is revoked.
  await fresh.page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(fresh, NEXT_PASSWORD);
  await heading(fresh.page, 'Overview').waitFor();
  const headers = {
    cookie: (await admin.page.context().cookies()).map((each) => `${each.name}=${each.value}`).join('; '),
  };
  expect((await ask(serve(), `/api/v1/devices/${offer?.id}`, { method: 'DELETE', headers })).status).toBe(200);
  await fresh.page.getByText('Your session has ended.').waitFor();
  await signIn(fresh, NEXT_PASSWORD);
  await heading(fresh.page, 'Waiting for approval').waitFor();
});

test('too many wrong passwords tell how long to wait', SLOW, async () => {
  const seen = await openPage(browser(), serve(), '/');
  const { page } = seen;
  await page.getByLabel('Name', { exact: true }).fill('nobody');
  for (let count = 0; count < 6; count += 1) {
    await page.getByLabel('Password', { exact: true }).fill(`wrong ${count}`);
    const answered = page.waitForResponse((response) => response.url().endsWith('/auth/session'));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await answered;
  }
  await page.getByText(/Too many tries\. Try again in \d+ s\./).waitFor();
  expect(await page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
});

test('claw dashboard says what to do where no server runs', async () => {
  const { code, stderr } = await runClaw(['dashboard'], {});
  expect([code, stderr]).toEqual([6, expect.stringContaining('claw serve')]);
});
