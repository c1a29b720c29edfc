/** Conversations, memories and documents in a real browser: found, steered and taken back, against a running server with a stand-in of Telegram. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openApp } from '../../src/core/create-app.ts';
import { newId } from '../../src/core/kernel/ids.ts';
import { pdf } from '../core/knowledge/read/sample-files.ts';
import { TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { openPage, seriousFindings, settled, sharedBrowser } from './browser-kit.ts';
import { ask } from './http-kit.ts';
import { runClaw, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const telegram = new TelegramServer();
const serve = sharedServe(async (onEnd) => {
  await telegram.listen();
  onEnd(() => telegram.close());
  return {
    env: { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.url, LLM_MODEL: 'offline', API_RATE_LIMIT: '10000' },
  };
});
const SLOW = { timeout: 90_000 };
const MANY = 1_000;
/** Would run, load or turn the line around if it were anything but text. */
const HOSTILE = '<img src=x onerror="window.bad=1">\u202Egnp.exe"><script>window.bad=1</script>';
const ME = { chat: { id: 77, type: 'private' }, from: { id: 77, is_bot: false, first_name: 'Sam' } };

const api = async (path: string, options: Parameters<typeof ask>[2] = {}): Promise<unknown> =>
  (await ask(serve(), `/api/v1${path}`, options)).json;

/** Conversations of the owner, written beside the running server. */
beforeAll(async () => {
  const app = await openApp({ home: serve().home, overrides: {} });
  const store = await app.store();
  const { id: owner_id } = await app.user();
  await store.transaction(async ({ conversations, search }) => {
    for (let number = 1; number <= MANY; number += 1) {
      const id = newId(number);
      const title = number === MANY ? HOSTILE : `talk ${String(number).padStart(4, '0')}`;
      const at = { created_at: number * 1_000, updated_at: number * 1_000 };
      await conversations.insert({ id, owner_id, title, origin: 'terminal', parent_id: null, parent_seq: null, ...at });
      const text = number === 500 ? '우리는 부산으로 가는 기차표를 예매했다' : `words of talk ${number}`;
      const parts = JSON.stringify([{ type: 'text', text, provenance: 'owner' }]);
      const said = { role: 'user' as const, parts, state: 'complete' as const, created_at: number * 1_000 };
      await conversations.append({ conversation_id: id, turn_id: id, ...said });
      if (number === MANY) await search.addTag(id, HOSTILE.slice(0, 40).toLowerCase(), 1);
    }
  });
  await app.close();
});

async function confirm(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
}

/** Axe finds nothing serious, and nothing stands out to the side, in both themes. */
async function lookedAt(page: Page): Promise<void> {
  await settled(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect({ colorScheme, found: await seriousFindings(page) }).toEqual({ colorScheme, found: [] });
  }
  expect(await page.evaluate(`document.documentElement.scrollWidth <= window.innerWidth`)).toBe(true);
  expect(await page.evaluate(`window.bad`)).toBeUndefined();
}

test(
  'a thousand conversations are paged to the end, searched in Korean, tagged and deleted together',
  SLOW,
  async () => {
    const { page, complaints } = await openPage(browser(), serve(), '/dashboard/conversations');
    await page.getByText(`1–50 of 1,000`).waitFor();
    expect(await page.getByRole('link', { name: 'onerror' }).count()).toBe(1);
    await page.getByRole('button', { name: 'Last' }).click();
    await page.getByText('951–1,000 of 1,000').waitFor();
    await page.getByRole('link', { name: 'talk 0001' }).waitFor();
    await page.getByLabel('Find what was said').fill('기차표');
    await page.locator('mark', { hasText: '기차표' }).waitFor();
    await page.getByRole('button', { name: 'Without filters' }).click();
    await page.getByLabel('Order').selectOption('title');
    await page.getByLabel('Find what was said').fill('talk 000');
    await page.getByRole('link', { name: 'talk 0010' }).waitFor({ state: 'hidden' });
    await page.getByLabel('Select talk 0001').check();
    await page.getByLabel('Select talk 0002').check();
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByRole('dialog').getByLabel('Tag').fill('Old');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('2 conversations were tagged.').waitFor();
    expect(await api('/conversations/count?tag=old')).toMatchObject({ total: 2 });
    await page.getByLabel('Select talk 0001').check();
    await page.getByRole('button', { name: 'Delete' }).click();
    expect(await page.getByRole('dialog').textContent()).toContain('talk 0001');
    await confirm(page);
    await page.getByText('One conversation was deleted.').waitFor();
    expect(await api('/conversations/count')).toMatchObject({ total: MANY - 1 });
    await page.getByRole('button', { name: 'Without filters' }).click();
    await lookedAt(page);
    expect(complaints).toEqual([]);
  },
);

test('an answer that could not be delivered is told with its tries, and sent again once', SLOW, async () => {
  telegram.say('hello', ME);
  await telegram.until(() => telegram.textsIn(77).length === 1);
  const code = /[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(telegram.textsIn(77)[0] ?? '')?.[0] ?? '';
  const { username } = (await api('/auth/me')) as { username: string };
  await runClaw(['user', 'pair', 'approve', code, '--user', username], { home: serve().home });
  await telegram.until(() => telegram.textsIn(77).length > 1);
  const before = telegram.textsIn(77).length;
  telegram.fail('sendMessage', { kind: 'status', status: 400, description: 'Bad Request: <b>chat not found</b>' });
  telegram.say('what is 12*12?', ME);
  await expect.poll(() => api('/dead-letters'), { timeout: 20_000 }).toHaveLength(1);
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/conversations?tab=undelivered');
  const letter = page.getByRole('listitem').filter({ hasText: 'Not delivered' });
  await letter.getByText('<b>chat not found</b>').waitFor();
  await letter.getByText('144').waitFor();
  await lookedAt(page);
  await letter.getByRole('link', { name: 'What happened' }).click();
  await page.getByText(/Try 1:/).waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: /^Arrived/ })
    .first()
    .waitFor();
  expect(await page.locator('.story-episode.bad').count()).toBe(1);
  await lookedAt(page);
  await page.goBack();
  await letter.getByRole('button', { name: 'Send again' }).dblclick();
  await telegram.until(() => telegram.textsIn(77).some((text) => text.includes('144')));
  await page.getByText('Everything was answered and delivered.').waitFor();
  expect(telegram.textsIn(77)).toHaveLength(before + 1);
  expect(await api('/audit?action=message.resend')).toHaveLength(1);
  expect(complaints).toEqual([]);
});

test('a conversation gets a title and a tag, and both are text', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/conversations');
  await page.getByRole('link', { name: 'talk 0999' }).click();
  await page.getByRole('button', { name: 'Change the title' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('부산 여행');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: '부산 여행', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByRole('dialog').getByLabel('Tag').fill('여행');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Take off the tag 여행' }).waitFor();
  expect(await api(`/conversations/count?tag=${encodeURIComponent('여행')}`)).toMatchObject({ total: 1 });
  await page.getByText('Export', { exact: true }).click();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Text' }).click()]);
  expect(saved.suggestedFilename()).toMatch(/\.txt$/);
  expect(complaints).toEqual([]);
});

test('a memory is changed, removed and put back at once; the removed ones are a list of their own', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/memory');
  await page.getByText('Nothing is remembered yet.').waitFor();
  await api('/memories', { body: { category: 'facts', key: 'boat', value: `The boat is called ${HOSTILE}` } });
  // What is added elsewhere is there without a reload.
  const row = page.getByRole('row', { name: /boat/ });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Value').fill('The boat is called Heron.');
  await page.getByRole('dialog').getByLabel('Importance').selectOption('5');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await row.locator('.badge', { hasText: 'Most important' }).waitFor();
  await row.getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').getByText(HOSTILE.slice(0, 20)).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await lookedAt(page);
  await row.getByRole('button', { name: 'Remove' }).click();
  await confirm(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('boat is in use again.').waitFor();
  expect(await api('/memories')).toMatchObject([{ key: 'boat', importance: 5 }]);
  await row.getByRole('button', { name: 'Remove' }).click();
  await confirm(page);
  await page.getByRole('tab', { name: 'Removed' }).click();
  await row.getByRole('button', { name: 'Put back' }).click();
  await page.getByText('Nothing was removed.').waitFor();
  expect(await api('/memories/counts')).toContainEqual(expect.objectContaining({ category: 'facts', active: 1 }));
  expect(complaints).toEqual([]);
});

test('files are uploaded with what becomes of each, and their text is found in Korean', SLOW, async () => {
  const folder = await temporaryDirectory();
  const files = ['harbour.pdf', '계약.txt', 'bad<img src=x>.zip'].map((name) => join(folder, name));
  writeFileSync(files[0] ?? '', pdf(['Of harbours.', 'The lighthouse was painted white.']));
  writeFileSync(files[1] ?? '', '전세 계약 기간은 2년이며 갱신할 수 있습니다.');
  writeFileSync(files[2] ?? '', 'PK');
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/knowledge');
  await page.getByText('There are no documents yet.').waitFor();
  await page.getByText(/up to .*MB each/).waitFor();
  await page.getByLabel('Add files').setInputFiles(files);
  await page.getByText('2 of 3 added').waitFor();
  const uploads = page.locator('.knowledge-uploads');
  expect(await uploads.getByText(/^ready, /).count()).toBe(2);
  expect(await uploads.getByText('refused').count()).toBe(1);
  expect(await uploads.getByRole('alert').textContent()).toContain('.zip');
  await page.getByLabel('Search the documents').fill('계약 기간');
  await page.getByText('전세 계약 기간은 2년이며').waitFor();
  expect(await page.locator('meter').count()).toBeGreaterThan(0);
  await lookedAt(page);
  await page
    .getByRole('row', { name: /harbour/ })
    .getByRole('link')
    .click();
  await page.getByText('The lighthouse was painted white.').waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await confirm(page);
  await page.getByRole('row', { name: /계약/ }).waitFor();
  expect(await api('/knowledge')).toMatchObject([{ title: '계약.txt' }]);
  // The server complains of the refused file; the page does nothing wrong.
  expect(complaints.filter((text) => !text.includes('400') && !text.includes('422'))).toEqual([]);
});
