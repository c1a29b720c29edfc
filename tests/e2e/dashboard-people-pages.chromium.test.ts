/** The pages of people, rooms, accounts, settings, approvals and webhooks do their job in a real browser; what they did is looked for behind them. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { type EndpointServer, startEndpoints } from '../fakes/oauth/endpoint-server.ts';
import { openTokenServer, type TokenServer } from '../fakes/oauth/token-server.ts';
import { openPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { ask, type HttpAnswer } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';
import { modelBy } from './ws-kit.ts';

const SLOW = { timeout: 60_000 };
const HOSTILE = '<img src=x onerror=alert(1)> \u202egpj.exe';
const PASSWORD = 'made up for this test';

let tokens: TokenServer;
let github: EndpointServer;
let hook: Server;
const told: string[] = [];
const browser = sharedBrowser();
const serve = sharedServe(async (onEnd) => {
  tokens = await openTokenServer();
  github = await startEndpoints();
  hook = createServer((request, response) => {
    told.push(String(request.headers['x-claw-signature']));
    response.end('thanks');
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  onEnd(() => void hook.close());
  onEnd(() => tokens.close());
  onEnd(() => github.close());
  const command = { calls: [{ id: 'call_1', name: 'run_command', input: { command: 'uname -s' } }] };
  const { env } = await modelBy({ command }, (clean) => onEnd(async () => void (await clean())));
  return {
    env: {
      ...env,
      EXEC_LEVEL: 'ask',
      API_RATE_LIMIT: '10000',
      CLAUDE_OAUTH_TOKEN_URL: tokens.url,
      GITHUB_API_ROOT: github.url,
      COPILOT_CLIENT_ID: 'client-1',
      TELEGRAM_API_ROOT: github.url,
      TRUSTED_ORIGINS: hookOrigin(),
    },
  };
});

const hookOrigin = (): string => `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
const api = (path: string, options?: Parameters<typeof ask>[2]): Promise<HttpAnswer> =>
  ask(serve(), `/api/v1${path}`, options);
const as = (key: string | null) => ({ headers: { authorization: `Bearer ${key}` } });

/** Fills the fields of the dialog that is open and sends it; resolves when it is closed. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    const input = dialog.getByLabel(label, { exact: true });
    if ((await input.getAttribute('data-kind')) === 'select') await input.selectOption(value);
    else await input.fill(value);
  }
  await dialog.locator('button.main').click();
  await dialog.waitFor({ state: 'hidden' });
}

const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

async function agree(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** A part of the page by its heading. */
const part = (page: Page, name: string) =>
  page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });

const BOTH = ['light', 'dark'] as const;

/** Looks as everybody must be able to use it, and as a phone shows it. */
async function usable(page: Page, themes: readonly ('light' | 'dark')[] = ['light']): Promise<void> {
  await settled(page);
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    expect([page.url(), colorScheme, await seriousFindings(page)]).toEqual([page.url(), colorScheme, []]);
  }
  await page.setViewportSize({ width: 360, height: 760 });
  const beyond = await page.evaluate(
    `[document.documentElement, document.querySelector('#content')].map((each) => each.scrollWidth - each.clientWidth)`,
  );
  expect([page.url(), beyond]).toEqual([page.url(), [0, 0]]);
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('a person gets a password and a small key, is signed out, disabled and deleted', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/users');
  await press(page, 'New person');
  await fill(page, { Name: 'mia', Role: 'user' });
  await page.getByRole('searchbox', { name: 'Find a person' }).fill('mi');
  await page.getByRole('link', { name: 'mia' }).click();
  await page.getByRole('heading', { name: 'mia', level: 1 }).waitFor();
  const id = page.url().split('/').at(-1) ?? '';
  await press(page, 'Set a password');
  await fill(page, { 'New password': PASSWORD });
  await page.getByText('mia has a new password now.').waitFor();
  expect((await api('/auth/session', { body: { username: 'mia', password: PASSWORD } })).status).toBe(200);
  const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await press(page, 'New key');
  await page.getByRole('dialog').getByLabel('Tasks: look').check();
  await fill(page, { 'What it is for': HOSTILE.slice(0, 28), 'Good until (empty: until it is revoked)': soon });
  const key = await page.getByText(/^claw_[0-9a-f]{64}$/).textContent();
  const statuses = await Promise.all(['/tasks', '/memories'].map(async (path) => (await api(path, as(key))).status));
  expect(statuses).toEqual([200, 403]);
  await part(page, 'Keys').getByText('Tasks: look').waitFor();
  await usable(page, BOTH);
  await page.reload();
  await part(page, 'Signed in at').getByRole('button', { name: 'Sign out everywhere' }).click();
  await agree(page);
  await page.getByText('Signed in nowhere.').waitFor();
  expect(await page.content()).not.toContain(String(key));
  await press(page, 'Disable');
  await agree(page);
  await page.getByText('Disabled', { exact: true }).waitFor();
  expect((await api('/tasks', as(key))).status).toBe(401);
  await press(page, 'Delete');
  await page.getByRole('dialog').getByText('Delete mia?').waitFor();
  await agree(page);
  await page.getByText('There is only you.').waitFor();
  expect((await api(`/users/${id}`)).status).toBe(404);
  await page.getByRole('link', { name: 'owner', exact: true }).click();
  await page.getByText('This is the only admin who can sign in.').waitFor();
  for (const name of ['Disable', 'Delete', 'Change the role'])
    expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
  // Between the deletion and the way back to the list, the page may still ask for who is gone.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});

test('a room is registered, tried, changed and removed; a token goes in and never out', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/channels');
  await press(page, 'Register a room');
  await fill(page, { 'Chat id (tg:…, dc:…, slack:…)': 'dc:123', Name: HOSTILE, Folder: 'home', Trigger: '@J' });
  const trial = part(page, 'Try a trigger');
  await trial.getByLabel('Where').selectOption('dc:123');
  await trial.getByLabel('A message').fill('hello @J');
  await trial.getByRole('button', { name: 'Try' }).click();
  await trial.getByText('The text does not begin with @J.').waitFor();
  await trial.getByLabel('It mentions the assistant').check();
  await trial.getByRole('button', { name: 'Try' }).click();
  await trial.getByText('It is mentioned.').waitFor();
  const value = '12345:made-up-token-of-nobody';
  await press(page, 'Set TELEGRAM_BOT_TOKEN');
  await fill(page, { TELEGRAM_BOT_TOKEN: value });
  const telegram = page.getByRole('article', { name: 'telegram' });
  await telegram.getByText('is set', { exact: true }).waitFor();
  await telegram.getByRole('button', { name: 'Test' }).click();
  await telegram.locator('output .notice.bad').waitFor();
  expect(await page.content()).not.toContain(value);
  expect((await api('/secrets')).text).toContain('TELEGRAM_BOT_TOKEN');
  await telegram.getByRole('button', { name: 'Remove' }).click();
  await agree(page);
  await telegram.getByText('is missing').waitFor();
  await usable(page, BOTH);
  await page.getByRole('link', { name: HOSTILE }).click();
  await press(page, 'Edit');
  await page.getByRole('dialog').getByLabel('Answers only when called').uncheck();
  await fill(page, { Name: 'Home' });
  await page.getByText('Answers everything').waitFor();
  await page.getByLabel('Model').selectOption('anthropic/claude-sonnet-5');
  await expect.poll(async () => (await api('/models/choices')).json).toMatchObject([{ scope: 'room', name: 'home' }]);
  expect((await api('/groups/dc:123')).json).toMatchObject({ name: 'Home', requires_trigger: false, trigger: '@J' });
  await usable(page);
  await press(page, 'Remove');
  await agree(page);
  await page.getByText('No room yet.').waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('logging in by a code that is brought back, and by one that is typed elsewhere', SLOW, async () => {
  github.answer('/login/device/code', {
    body: {
      device_code: 'device-canary',
      user_code: 'ABCD-1234',
      verification_uri: 'https://example.com/login/device',
      expires_in: 900,
      interval: 1,
    },
  });
  const access = { access_token: 'github-canary', token_type: 'bearer' };
  github.answer('/login/oauth/access_token', { body: { error: 'authorization_pending' } }, { body: access });
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/accounts');
  const claude = part(page, 'Claude subscription');
  await claude.getByRole('button', { name: 'Log in' }).click();
  const link = claude.getByRole('link');
  const { code, state } = tokens.approve((await link.getAttribute('href')) ?? '');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  const done = claude.getByRole('button', { name: 'Done' });
  expect(await done.isDisabled()).toBe(true);
  await claude.getByRole('checkbox').check();
  await claude.getByLabel('Code, or the address you were sent to').fill(`${code}#another-state`);
  await done.click();
  await claude.getByRole('alert').getByText('its state does not match').waitFor();
  await usable(page, BOTH);
  await claude.getByLabel('Code, or the address you were sent to').fill(`${code}#${state}`);
  await done.click();
  await claude.getByText('Claude subscription: you are logged in.').waitFor();
  await claude.getByText('Logged in', { exact: true }).waitFor();
  const copilot = part(page, 'GitHub Copilot');
  await copilot.getByRole('button', { name: 'Log in' }).click();
  await copilot.getByText('ABCD-1234').waitFor();
  await copilot.getByText('GitHub Copilot: you are logged in.').waitFor({ timeout: 15_000 });
  expect(github.asked('/login/oauth/access_token')).toHaveLength(2);
  expect((await api('/accounts')).json).toMatchObject([
    { account: 'claude', state: 'fresh', consent: 'given' },
    { account: 'copilot' },
  ]);
  for (const secret of [...tokens.given, 'github-canary']) expect(await page.content()).not.toContain(secret);
  await claude.getByRole('button', { name: 'Renew now' }).click();
  await claude.getByText('Renewed.', { exact: true }).waitFor();
  await claude.getByRole('button', { name: 'Log out' }).click();
  await agree(page);
  await claude.getByText('Not logged in').waitFor();
  expect((await api('/accounts')).json).toMatchObject([{ account: 'copilot' }]);
  // The wrong code was a question that the server refused, which the browser remarks on.
  expect(complaints.filter((text) => !text.includes('Failed to load resource'))).toEqual([]);
});

test('settings are changed by their kind, and taken back; models and secrets beside them', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/settings');
  const change = async (name: string, to: Readonly<Record<string, string>>): Promise<void> => {
    await page.getByLabel('Find a setting').fill(name);
    await page
      .getByRole('row', { name: new RegExp(`^${name} `) })
      .getByRole('button', { name: 'Change' })
      .click();
    await fill(page, to);
    await page.getByText(`${name} is kept.`).waitFor();
  };
  await change('ALLOWED_BOTS', { ALLOWED_BOTS: 'telegram:1\ntelegram:2' });
  await change('TRIGGER_PARTICLES', { TRIGGER_PARTICLES: 'true' });
  await page.getByLabel('Find a setting').fill('EXEC_LEVEL');
  const fixed = page.getByRole('row', { name: /^EXEC_LEVEL / });
  await fixed.getByText('which counts more than what is set here').waitFor();
  expect(await fixed.getByRole('button').count()).toBe(0);
  await page.getByLabel('Find a setting').fill('');
  await page.getByLabel('Only what was changed').check();
  expect(await page.getByRole('row', { name: /^ASSISTANT_NAME / }).count()).toBe(0);
  await page.getByRole('row', { name: /^TRIGGER_PARTICLES .* On/ }).waitFor();
  await usable(page, BOTH);
  await page.getByRole('tab', { name: 'History' }).click();
  const first = page.getByRole('row', { name: /ALLOWED_BOTS/ });
  await first.getByText('telegram:1, telegram:2').waitFor();
  await first.getByText('owner').waitFor();
  await usable(page);
  await first.getByRole('button', { name: 'Back to before this' }).click();
  await agree(page);
  await page.getByText('Nothing was changed by claw yet.').waitFor();
  expect((await api('/config/settings/ALLOWED_BOTS')).json).toMatchObject({ value: [], source: 'default' });
  await page.getByRole('tab', { name: 'Model' }).click();
  await page.getByText('anthropic/claude-sonnet-5').first().waitFor();
  await press(page, 'Add a model');
  await fill(page, { Model: 'anthropic/claude-haiku-4-5' });
  await page.getByRole('listitem').getByText('anthropic/claude-haiku-4-5').waitFor();
  await press(page, 'Test the models');
  await page.getByText(/answered in/).waitFor();
  await usable(page);
  expect((await api('/config/settings/FALLBACK_MODELS')).json).toMatchObject({
    value: ['anthropic/claude-haiku-4-5'],
  });
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await press(page, 'Set a secret');
  await fill(page, {
    Name: 'EXAMPLE_TOKEN',
    Value: 'made-up-secret',
    'Hosts that tools may send it to': 'api.example.com',
  });
  await page.getByText('EXAMPLE_TOKEN is kept.').waitFor();
  await usable(page);
  expect(await page.content()).not.toContain('made-up-secret');
  expect((await api('/secrets')).text).toContain('EXAMPLE_TOKEN');
  expect(complaints).toEqual([]);
});

test('a command asked for in the chat is allowed here, once, and goes on there', SLOW, async () => {
  const chat = await openPage(browser(), serve(), '/dashboard/chat');
  const say = async (): Promise<void> => {
    await chat.page.getByLabel('Write a message').fill('command');
    await chat.page.getByRole('button', { name: 'Send' }).click();
  };
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/approvals');
  await page.getByText('Nothing waits for a yes.').waitFor();
  await say();
  const card = page.getByRole('article', { name: /uname/ });
  await card.getByText(/^9:\d\d left$/).waitFor();
  await card.getByText('Asked for owner').waitFor();
  await usable(page, BOTH);
  await card.getByLabel(/^For some hours/).check();
  await card.getByRole('spinbutton', { name: 'Hours' }).fill('2');
  await card.getByRole('button', { name: 'Allow', exact: true }).dblclick();
  await page.getByText('It is allowed, and goes on.').waitFor();
  await chat.page.locator('article.assistant[aria-busy="false"] p', { hasText: /^done$/ }).waitFor();
  const [row] = (await api('/approvals?all=true')).json as { state: string; conversation_id: string }[];
  expect(row).toMatchObject({ state: 'used', scope: 'pattern', decided_by: 'owner' });
  expect((await api(`/conversations/${row?.conversation_id}`)).text).toContain('Linux');
  const acts = (await api('/audit?action=approval.approve')).json as object[];
  expect(acts).toHaveLength(1);
  await chat.page.goto(new URL('/dashboard/chat', page.url()).href);
  await say();
  await chat.page.locator('article.assistant[aria-busy="false"] p', { hasText: /^done$/ }).waitFor();
  await page.getByRole('tab', { name: 'Answered' }).click();
  await page.getByRole('row', { name: /uname -s .*Allowed and done .*owner/ }).waitFor();
  await usable(page);
  await page.getByRole('tab', { name: 'Standing permissions' }).click();
  await page.getByRole('row', { name: /uname/ }).getByText('1×').waitFor();
  await usable(page);
  await press(page, 'Take back');
  await agree(page);
  await page.getByText('Nothing is allowed for longer than once.').waitFor();
  expect((await api('/grants')).json).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a webhook is made with its secret shown once, tried, and deleted', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/webhooks');
  await page.getByText('No webhook.').waitFor();
  await press(page, 'New webhook');
  await page.getByRole('dialog').getByLabel('A task ran').check();
  await fill(page, { Address: `${hookOrigin()}/hook` });
  const secret = await page.getByText(/^whsec_/).textContent();
  await press(page, 'Send a test');
  await page.getByText('The test arrived: 200.').waitFor();
  expect(told.at(-1)).toMatch(/\w{20}/);
  await page.getByText('Deliveries').click();
  await page.getByRole('row', { name: /A test .*Delivered .*thanks/ }).waitFor();
  await usable(page, BOTH);
  await page.reload();
  await page.getByText(`${hookOrigin()}/hook`).waitFor();
  expect(await page.content()).not.toContain(String(secret));
  expect((await api('/webhooks')).json).toMatchObject([{ events: ['task.run'], state: 'active' }]);
  await press(page, 'Delete');
  await agree(page);
  await page.getByText('No webhook.').waitFor();
  expect((await api('/webhooks')).json).toEqual([]);
  expect(complaints).toEqual([]);
});
