/** Who sees what on the dashboard, with authentication on: signing in, browsers let in by a code, and the three roles. */
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openPage, type SeenPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe(() => ({ env: { AUTH_ENABLED: 'true', LOGIN_RATE_LIMIT: '1000', API_RATE_LIMIT: '10000' } }));
const SLOW = { timeout: 60_000 };
const PASSWORD = 'made up for this test';
const keys = new Map<string, string>();

/** The three people of these tests, made once. */
async function people(): Promise<void> {
  if (keys.size > 0) return;
  const { home } = serve();
  for (const role of ['admin', 'user', 'readonly']) {
    const { json } = await runClawJson(['user', 'create', `${role}-person`, '--role', role], { home });
    keys.set(role, (json as { api_key: string }).api_key);
  }
  await runClawJson(['user', 'update', 'user-person', '--password'], { home, input: PASSWORD });
}

async function signedIn(role: string): Promise<SeenPage> {
  await people();
  const seen = await openPage(browser(), serve(), '/dashboard/overview');
  await seen.page.getByLabel('API key', { exact: true }).check();
  await seen.page.getByLabel('API key or token of the dashboard').fill(keys.get(role) ?? '');
  await seen.page.getByRole('button', { name: 'Sign in' }).click();
  await seen.page.getByRole('heading', { name: 'Overview' }).waitFor();
  return seen;
}

const pagesOf = (page: Page): Promise<string[]> =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();

test('a wrong password is told, the right one opens, and signing out closes again', SLOW, async () => {
  await people();
  const { page } = await openPage(browser(), serve(), '/');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByLabel('Name', { exact: true }).fill('user-person');
  await page.getByLabel('Password', { exact: true }).fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('user-person (user)').waitFor();
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(PASSWORD);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(new URL('/dashboard/memory', page.url()).href);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});

test('a browser asks by a code and is let in by an admin', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/');
  await page.getByLabel('Code', { exact: true }).check();
  await page.getByRole('button', { name: 'Ask to be let in' }).click();
  const code = (await page.locator('.secret-shown').textContent()) ?? '';
  const admin = await signedIn('admin');
  await admin.page.getByRole('link', { name: 'Users and keys' }).click();
  const browsers = admin.page.locator('section').filter({ has: admin.page.getByRole('heading', { name: 'Browsers' }) });
  await browsers.getByRole('button', { name: 'Let in' }).click();
  await admin.page.getByRole('dialog').getByLabel('Code').fill(code);
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  expect(await page.locator('.person').textContent()).toContain('(admin)');
});

test('each role sees its own pages and its own buttons, and nothing that is refused', SLOW, async () => {
  const admin = await signedIn('admin');
  const own = ['Overview', 'Chat', 'Conversations', 'Tools', 'Tasks', 'Memory', 'Knowledge', 'Webhooks', 'Costs'];
  expect(await pagesOf(admin.page)).toEqual(expect.arrayContaining([...own, 'Settings', 'Audit', 'Users and keys']));
  for (const role of ['user', 'readonly'] as const) {
    const { page, complaints } = await signedIn(role);
    expect(await pagesOf(page)).toEqual(own);
    for (const name of own) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor({ state: 'attached' });
      await settled(page);
      expect([name, await page.getByRole('alert').allTextContents()]).toEqual([name, []]);
    }
    // The first question of a browser is who it is; the answer is 401, and the browser says so.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    await page.getByRole('link', { name: 'Memory' }).click();
    await page.getByRole('heading', { name: 'Memory' }).waitFor();
    expect(await page.getByRole('button', { name: 'Remember something' }).count()).toBe(role === 'user' ? 1 : 0);
    await page.goto(new URL('/dashboard/settings', page.url()).href);
    await page.getByText('There is no such page.').waitFor();
  }
});
