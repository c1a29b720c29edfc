/** The pages that show how it runs do their jobs in a real browser, against a running server. */
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { openPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { ask } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe();
const SLOW = { timeout: 90_000 };

beforeAll(async () => {
  await ask(serve(), '/api/v1/chat', { body: { message: 'hello' } });
  await ask(serve(), '/api/v1/tasks', {
    body: { schedule_type: 'cron', schedule_value: '0 9 * * *', prompt: 'Say hello', id: 'hello' },
  });
});

const PATHS = [
  'overview',
  'costs',
  'metrics',
  'doctor',
  'doctor?tab=security',
  'doctor?tab=storage',
  'logs',
  'audit',
  'backups',
];

test.each(['light', 'dark'] as const)(
  'everybody can use them, %s, on a phone too',
  { timeout: 120_000 },
  async (colorScheme) => {
    const isPhone = colorScheme === 'dark';
    const viewport = isPhone ? { width: 360, height: 740 } : { width: 1280, height: 800 };
    const { page, complaints } = await openPage(browser(), serve(), '/', {
      colorScheme,
      viewport,
      ...(isPhone ? { locale: 'ko-KR' } : {}),
    });
    for (const path of PATHS) {
      await page.goto(new URL(`/dashboard/${path}`, page.url()).href);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      const width = await page.evaluate(
        'document.querySelector("#content").scrollWidth - document.querySelector("#content").clientWidth',
      );
      expect({ path, width, serious: await seriousFindings(page) }).toEqual({ path, width: 0, serious: [] });
    }
    expect(complaints).toEqual([]);
  },
);

test('the first page tells what needs somebody, what is planned, and leads there', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/overview');
  await page.getByText(/needs? you\./).waitFor();
  await page.getByRole('link', { name: 'hello', exact: true }).first().waitFor();
  await page.getByRole('link', { name: /No model provider is set up/ }).click();
  await page.getByRole('heading', { name: 'Health', level: 1 }).waitFor();
  expect(complaints).toEqual([]);
});

test('who only uses claw sees what is theirs, and asks for nothing that is refused', SLOW, async () => {
  const { json } = await ask(serve(), '/api/v1/users', { body: { username: 'bora', role: 'user' } });
  const key = (json as { api_key: string }).api_key;
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/overview', {
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  });
  await page.getByText('Hello bora. This is what is yours.').waitFor();
  await page.goto(new URL('/dashboard/costs', page.url()).href);
  await page.getByText('No budget limits you.').waitFor();
  await settled(page);
  expect(await page.getByRole('button', { name: 'Set a budget' }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: 'By' }).getByText('Person').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('checks are filtered, and each that found something has its command', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/doctor');
  await page.getByText('schema', { exact: true }).waitFor();
  await page.getByLabel('Only problems').check();
  await page.getByText('schema', { exact: true }).waitFor({ state: 'hidden' });
  await page.getByText('claw secret set ANTHROPIC_API_KEY').waitFor();
  await page.getByRole('button', { name: /^Copy: claw secret set/ }).waitFor();
  const { json } = await ask(serve(), '/api/v1/doctor?max_age_seconds=60');
  const found = (json as { status: string }[]).filter(({ status }) => status !== 'ok');
  expect(await page.locator('.health-list > li').count()).toBe(found.length);
  await page.getByRole('tab', { name: 'Storage' }).click();
  await page.getByRole('button', { name: 'Show what would go' }).click();
  await page.getByText(/^Would go: 0 rows/).waitFor();
});

test('hardening shows what would change, changes it, and tells how it is taken back', SLOW, async () => {
  await ask(serve(), '/api/v1/config/settings/CRASH_BACKOFF', { method: 'PUT', body: { value: 'false' } });
  const { page } = await openPage(browser(), serve(), '/dashboard/doctor?tab=security');
  await page
    .getByText(/of 100/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Harden …' }).click();
  await page.getByRole('listitem').getByText('CRASH_BACKOFF: false → its default').waitFor();
  await page.getByRole('button', { name: /^Change (it|these)/ }).click();
  await page.getByText(/The score was/).waitFor({ timeout: 30_000 });
  await page.getByText(/^claw config undo/).waitFor();
  const setting = async () => (await ask(serve(), '/api/v1/config/settings/CRASH_BACKOFF')).json;
  await expect.poll(setting).toMatchObject({ value: true });
});

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('a budget is set, changed and removed, and what was spent is told and saved without formulas', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/costs');
  await page.getByRole('button', { name: 'Set a budget' }).click();
  await fill(page, { Amount: '2.5' });
  const row = page.getByRole('row', { name: /\$2\.50 a day/ });
  await row.getByText('owner').waitFor();
  await row.getByRole('button', { name: 'Change' }).click();
  await fill(page, { Amount: '3' });
  const changed = page.getByRole('row', { name: /\$3\.00 a day/ });
  await changed.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await changed.waitFor({ state: 'hidden' });
  const { json } = await ask(serve(), '/api/v1/budgets?all=true');
  expect((json as { setting: string | null }[]).filter(({ setting }) => setting === null)).toEqual([]);
  await page.getByRole('combobox', { name: 'Show' }).selectOption('calls');
  await page.getByRole('slider', { name: /Calls of each day/ }).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toMatch(/: .+ 0$/);
  await page.getByRole('combobox', { name: 'By' }).selectOption('model');
  const saved = page.waitForEvent('download');
  await page
    .getByRole('cell', { name: /offline/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  const text = await readFile(await (await saved).path(), 'utf8');
  expect(text.split('\r\n')[1]).toMatch(/^"[^"]*offline[^"]*",1,/);
  expect(complaints).toEqual([]);
});

test('the audit is filtered, a row is read whole, and the chain is proved and stays told', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/audit?action=task.*');
  await page.getByRole('cell', { name: 'task.create' }).first().waitFor();
  expect(await page.getByRole('cell', { name: 'user.create' }).count()).toBe(0);
  await page.getByRole('button', { name: /^\d+$/ }).first().click();
  await page.getByRole('dialog').getByRole('link', { name: 'hello' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText(/The chain is whole/).waitFor();
  await page.getByLabel('Outcome').selectOption('denied');
  await page.getByText('No row is like that.').waitFor();
  await page.getByText(/The chain is whole/).waitFor();
});

test('a backup is made, proved, and taken away after what would go was shown', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/backups');
  await page.getByText('There is no backup yet.').waitFor();
  for (const made of [1, 2]) {
    await page.getByRole('button', { name: 'Back up now' }).click();
    await expect.poll(() => page.getByRole('button', { name: 'Prove it' }).count(), { timeout: 30_000 }).toBe(made);
  }
  await page.getByRole('button', { name: 'Prove it' }).first().click();
  await page.getByText(/restores: \d+ files/).waitFor({ timeout: 30_000 });
  await page.getByText('It restores.').waitFor();
  await page.getByLabel('Newest that stay').fill('1');
  await page.getByRole('button', { name: 'Show which would go' }).click();
  await page.getByRole('button', { name: 'Take them away' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await expect.poll(() => page.getByRole('button', { name: 'Prove it' }).count()).toBe(1);
  expect((await ask(serve(), '/api/v1/backups')).json).toMatchObject([{ verified_at: expect.any(String) }]);
});

test('the log is followed, paused, filtered by level and id, and shows what was around a line', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/logs');
  await page.getByText('server is ready').waitFor();
  await page.getByTitle('Show every line with this id').first().click();
  await page.getByText('Only lines with the id').waitFor();
  await page.getByText('server is ready').waitFor({ state: 'hidden' });
  await page.getByText('turn started').first().waitFor();
  await page.getByRole('button', { name: 'Show all lines' }).click();
  await page.getByTitle('Show what was around it').first().click();
  await page.getByRole('dialog').getByText('server starts').first().waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  // Whatever stands in the log stays text.
  const evil = '<img src=x onerror="document.title=1">';
  writeFileSync(join(serve().home, 'logs', 'claw.log'), `2026-01-02T03:04:05.678Z ERROR ${evil} id="1"\n`, {
    flag: 'a',
  });
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByLabel('Level').selectOption('error');
  await page.getByText(evil).waitFor();
  expect(await page.locator('.log img').count()).toBe(0);
  await page.getByText('server is ready').waitFor({ state: 'hidden' });
  expect(complaints).toEqual([]);
});

test('the figures of the last minutes are drawn, read by keyboard, and there as tables', SLOW, async () => {
  const { page } = await openPage(browser(), serve(), '/dashboard/metrics');
  const plot = page.getByRole('slider', { name: /Memory/ });
  await plot.waitFor({ timeout: 40_000 });
  expect(await plot.getAttribute('aria-valuetext')).toMatch(/Memory \d/);
  await page.getByText('As a table').first().click();
  await page.getByRole('columnheader', { name: 'p95' }).waitFor();
  await page.getByText('Everything that is counted, now').click();
  await page.getByText('claw_resident_memory_bytes').waitFor();
});
