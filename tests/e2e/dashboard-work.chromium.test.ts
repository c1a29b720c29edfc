/** Tools, the marketplace and tasks in a real browser: drafts and what changes, running by hand, updates that want more, a calendar, schedules, runs and their ledger. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { type TestRegistry, testRegistry } from '../fakes/test-registry.ts';
import { openPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { ask, urlOf } from './http-kit.ts';
import { temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
let registry: TestRegistry;
const serve = sharedServe(async (onEnd) => {
  registry = await testRegistry(join(await temporaryDirectory(onEnd), 'registry'));
  await registry.publish({ name: 'tally', answer: 'input.n + 1' });
  return { env: { MARKETPLACE_REGISTRIES: registry.folder, LLM_PROVIDER: 'offline', API_RATE_LIMIT: '10000' } };
});
const SLOW = { timeout: 120_000 };
const api = async (path: string, body?: object, method?: string): Promise<unknown> =>
  (await ask(serve(), `/api/v1${path}`, { ...(body && { body }), ...(method !== undefined && { method }) })).json;
const ZONE = { timezoneId: 'Europe/Berlin' };

const source = (name: string, answer: string, more = ''): string => `import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: '${name}',
  description: 'Greets <img src=x onerror=alert(1)> somebody.',
  input: z.object({ who: z.string().max(50).describe('Whom to greet'), loud: z.boolean().default(false) }),${more}
  run: ({ who, loud }) => ${answer},
});
`;
const WANTS = "\n  permissions: { net: ['*'], files: [{ folder: 'workspace', mode: 'read' }] },";

/** No serious finding of axe in either theme. */
async function isFit(page: Page): Promise<void> {
  await settled(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect([page.url(), colorScheme, await seriousFindings(page)]).toEqual([page.url(), colorScheme, []]);
  }
}

test(
  'a tool is written, tried and approved, its next version is compared, refused when it changed, and undone',
  SLOW,
  async () => {
    const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tools');
    await page.getByRole('link', { name: 'New tool' }).click();
    await page.getByLabel('Name').fill('greeter');
    await page.getByRole('button', { name: 'Begin' }).click();
    const editor = page.getByLabel('Source of the tool');
    await editor.fill(source('greeter', '`Hello, ${who}${loud ? "!" : ""}`'));
    await editor.press('Tab');
    expect(await editor.inputValue()).toMatch(/ {2}$/);
    await editor.press('Escape');
    await editor.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Check it');
    await page.getByRole('button', { name: 'Try it behind the wall' }).click();
    await page.getByText('It is fit, and wants nothing.').waitFor();
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await page.getByText('Computes only: it reaches no network').waitFor();
    expect(await api('/tools/greeter/run', { input: { who: 'Ada' } })).toMatchObject({ status: 'refused' });
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('greeter was approved').waitFor();
    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.getByLabel('who').fill('Ada');
    await page.getByLabel('loud').check();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('region', { name: 'Output' }).getByText('Hello, Ada!').waitFor();
    await isFit(page);
    // A list that is open shows what is handed in elsewhere.
    await page.getByRole('link', { name: 'All tools' }).click();
    await page.getByRole('heading', { name: 'Tools', level: 1 }).waitFor();
    await api('/tools', { source: source('greeter', '`Hi, ${who}${loud}`', WANTS) });
    await page.getByRole('link', { name: 'greeter, version 2' }).click();
    await page.getByText('New: May reach any address on the network').waitFor();
    await page.getByText('New: Reads the workspace folder').waitFor();
    const change = page.getByRole('region', { name: 'What changes in its source' });
    expect(await change.getByRole('row', { name: /came:.*Hi,/ }).count()).toBe(1);
    expect(await change.getByRole('row', { name: /went:.*Hello,/ }).count()).toBe(1);
    await isFit(page);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('greeter was approved').waitFor();
    expect(await api('/tools/greeter')).toMatchObject({ version: '2', state: 'active', decided_by: 'owner' });
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('region', { name: 'What changes in its source' }).getByText('Hello,').waitFor();
    await isFit(page);
    await page.getByRole('button', { name: 'Go back a version' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
    await page.getByRole('row', { name: /^1 Active/ }).waitFor();
    expect(await api('/tools/greeter/run', { input: { who: 'Ada' } })).toMatchObject({ output: 'Hello, Ada' });
    expect(complaints).toEqual([]);
  },
);

test(
  'what changed while it was looked at is not approved, and nothing in a source is hidden or runs',
  SLOW,
  async () => {
    mkdirSync(join(serve().home, 'tools'), { recursive: true });
    const file = join(serve().home, 'tools', 'sneaky.ts');
    writeFileSync(file, source('sneaky', '"x\u{202e}gnp.exe" + who + loud', WANTS));
    const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tools/sneaky?version=1');
    await page.getByText('The source has characters that cannot be seen').waitFor();
    expect(await page.locator('mark.hidden-char').first().textContent()).toBe(String.raw`\u{202e}`);
    expect(await page.locator('#content img').count()).toBe(0);
    writeFileSync(file, source('sneaky', '"worse" + who + loud', WANTS));
    const approve = page.getByRole('button', { name: 'Approve' });
    await approve.click();
    await page.getByText('It changed since you looked at it.').waitFor();
    const states = (await api('/tools')) as { name: string; state: string; version: string }[];
    expect(states.filter(({ name }) => name === 'sneaky')).toMatchObject([{ state: 'pending', version: '2' }]);
    await page.getByRole('link', { name: 'Look at it anew' }).click();
    await page.getByRole('region', { name: 'The whole source' }).getByText('worse').waitFor();
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('The draft of sneaky was rejected.').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
    await page.getByRole('heading', { name: 'Tools', level: 1 }).waitFor();
    expect(((await api('/tools')) as { name: string }[]).filter(({ name }) => name === 'sneaky')).toEqual([]);
    // A refusal is an answer of 409, and what is gone one of 404, of which the browser tells as well.
    expect(complaints.filter((text) => !/40[49]/.test(text))).toEqual([]);
  },
);

test('a package says who signed it; an update that wants more shows what, and is taken only then', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tools');
  await page
    .getByRole('row', { name: /^tally .*Install/ })
    .getByRole('button', { name: 'Install' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nobody here has trusted this publisher for this name yet.').waitFor();
  await isFit(page);
  await dialog.getByRole('button', { name: 'Install' }).click();
  await page.getByText('tally 1.0.0 is installed').waitFor();
  await registry.publish({ name: 'tally', version: '1.1.0', answer: 'input.n + 2', permissions: { net: ['*'] } });
  await page.reload();
  await page.getByRole('button', { name: 'Update all (1)' }).click();
  await page.getByText('tally wants more than before').waitFor();
  expect(await api('/marketplace/installed')).toMatchObject([{ version: '1.0.0' }]);
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await dialog.getByText('This version may do more than the one that is installed.').waitFor();
  await dialog.getByText('New: May reach any address on the network').waitFor();
  await dialog.getByRole('row', { name: /came:.*input\.n \+ 2/ }).waitFor();
  await dialog.getByRole('button', { name: 'Update' }).click();
  await page.getByText('tally is updated to 1.1.0.').waitFor();
  expect(await api('/tools/tally/run', { input: { n: 1 } })).toMatchObject({ output: 3 });
  for (const version of ['1.0.0', '1.1.0']) await registry.revoke({ name: 'tally', version, reason: 'it steals' });
  await page.getByRole('button', { name: 'Check what is installed' }).click();
  await page.getByRole('table', { name: 'What was found' }).waitFor();
  await page.reload();
  await page.getByText('It must not be used: it steals').waitFor();
  expect(complaints).toEqual([]);
});

test('a task is made with the builder, run, changed, and its ledger leads to the conversation', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tasks?do=new', ZONE);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What to do').fill('what is 2 plus 3');
  await dialog.getByLabel('Kind of schedule').selectOption('once');
  await dialog.getByLabel('Date and time').fill('2020-01-01T09:00');
  await dialog.getByText('This moment is past').waitFor();
  await dialog.getByLabel('When (cron, 90m, or ISO date)').fill('* * * * *');
  await dialog.getByText('This runs 1440 times a day.').waitFor();
  await dialog.getByLabel('Kind of schedule').selectOption('weekly');
  for (const day of ['Mon', 'Tue', 'Wed', 'Thu']) await dialog.getByLabel(day).uncheck();
  await dialog.getByLabel('At', { exact: true }).fill('18:30');
  await dialog
    .getByText(/Friday, .* at 6:30 PM/)
    .first()
    .waitFor();
  await dialog.getByLabel('Id', { exact: true }).fill('weekend');
  await isFit(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('weekend is made.').waitFor();
  expect(await api('/tasks/weekend')).toMatchObject({ schedule_value: '30 18 * * 5', tz: 'Europe/Berlin' });
  const row = page.getByRole('row', { name: /weekend/ });
  await row.getByText('Friday at 18:30').waitFor();
  await row.getByRole('button', { name: 'Run now' }).click();
  await dialog.getByText('5', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await row.getByRole('link', { name: 'weekend' }).click();
  await page.getByRole('row', { name: /ran .* Run by hand\. 5 Conversation/ }).waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await dialog.getByText('More choices').click();
  await dialog.getByLabel('Most that one run may cost (US dollars)').fill('0.5');
  await dialog.getByLabel('When a moment was missed').selectOption('skip');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('weekend is changed.').waitFor();
  expect(await api('/tasks/weekend')).toMatchObject({
    budget_usd: 0.5,
    misfire: 'skip',
    schedule_value: '30 18 * * 5',
  });
  await isFit(page);
  await page.getByRole('link', { name: 'Conversation', exact: true }).click();
  await page.waitForURL(/\/dashboard\/conversations\//);
  expect(complaints).toEqual([]);
});

test(
  'the calendar shows the runs of a month in which the clock changes, by keyboard, and on a phone as a list',
  SLOW,
  async () => {
    const daily = { schedule_type: 'cron', schedule_value: '30 9 * * *', tz: 'Europe/Berlin' };
    await api('/tasks', { ...daily, id: 'sunrise', prompt: 'what is 1 plus 1' });
    const path = '/dashboard/tasks?tab=calendar';
    const { page, complaints } = await openPage(browser(), serve(), path, ZONE);
    const title = page.getByRole('heading', { level: 2 }).first();
    const year = new Date().getUTCFullYear() + 1;
    const last = new Date(Date.UTC(year, 2, 31));
    const change = `${year}-03-${31 - last.getUTCDay()}`;
    while ((await title.textContent()) !== `March ${year}`) await page.getByRole('button', { name: 'Later' }).click();
    const grid = page.getByRole('grid', { name: 'Calendar' });
    const cell = grid.getByRole('gridcell', { name: new RegExp(`Sunday, March ${Number(change.slice(8))}, `) });
    await cell.click();
    await page.getByText('The clock changes: this day has 23 hours.').waitFor();
    await page.getByText('9:30 AM').last().waitFor();
    const { days } = (await api(`/task-calendar?from=${change}&to=${change}&tz=Europe/Berlin`)) as {
      readonly days: readonly { items: readonly { id: string; at: readonly string[] }[] }[];
    };
    expect(days[0]?.items.find(({ id }) => id === 'sunrise')?.at).toEqual([`${change}T07:30:00.000Z`]);
    await isFit(page);
    await cell.press('PageDown');
    await expect.poll(() => title.textContent()).toBe(`April ${year}`);
    await expect.poll(() => page.evaluate('document.activeElement.getAttribute("role")')).toBe('gridcell');
    await page.getByLabel('View').selectOption('week');
    await expect.poll(() => grid.getByRole('gridcell').count()).toBe(7);
    await page.setViewportSize({ width: 360, height: 780 });
    await page.goto(urlOf(serve(), path));
    await page.getByRole('link', { name: 'sunrise' }).first().waitFor();
    expect(await page.evaluate('document.querySelector("#content").scrollWidth <= innerWidth')).toBe(true);
    await isFit(page);
    expect(complaints).toEqual([]);
  },
);
