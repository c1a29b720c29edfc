/** The chat of the dashboard in a real browser: what is written, attached, branched, found and asked for, told by the API. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { newId } from '../../src/core/kernel/ids.ts';
import { openPage, seriousFindings, sharedBrowser } from './browser-kit.ts';
import { ask } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';
import { modelBy } from './ws-kit.ts';

const CODE = ['Look:\n\n```ts\nexport const a: number = 1; // one\n```\n\n', `\`\`\`\n${'line\n'.repeat(90)}\`\`\``];

const browser = sharedBrowser();
const serve = sharedServe(async (onEnd) => {
  const { env } = await modelBy(
    {
      code: { text: CODE },
      command: { calls: [{ id: 'call_2', name: 'run_command', input: { command: 'uname -s' } }] },
      slow: { text: Array.from({ length: 30 }, (_, number) => `word${number} `) },
    },
    (clean) =>
      onEnd(async () => {
        await clean();
      }),
  );
  return { env: { ...env, EXEC_LEVEL: 'ask', API_RATE_LIMIT: '10000', WS_RATE_LIMIT: '1000' } };
});
const PATIENT = { timeout: 15_000 };
const SLOW = { timeout: 90_000 };
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Stored {
  readonly last_seq: number;
  readonly title: string;
  readonly parent_id: string | null;
  readonly messages: readonly { readonly role: string; readonly parts: readonly Record<string, unknown>[] }[];
}

const stored = async (id: string): Promise<Stored> =>
  (await ask(serve(), `/api/v1/conversations/${id}`)).json as Stored;

const idOf = (page: Page): string => /chat\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel('Write a message').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

async function answered(page: Page, seq: number): Promise<void> {
  await page.getByRole('article', { name: `Message ${seq}`, exact: true }).waitFor();
}

test('files go with a message, code is coloured and folded, and a message is said anew in a branch', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat');
  await page.getByLabel('Write a message').waitFor();
  await page.locator('input[type=file]').setInputFiles([
    { name: 'boat.png', mimeType: 'image/png', buffer: PNG },
    { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('# 항구\nharbour') },
    { name: 'too-large.png', mimeType: 'image/png', buffer: Buffer.alloc(6_000_000) },
    { name: 'extra.md', mimeType: 'text/markdown', buffer: Buffer.from('x') },
  ]);
  await page.getByText('A picture may have 5 MB.').waitFor();
  await page.getByRole('button', { name: 'Take too-large.png away' }).click();
  await page.getByRole('button', { name: 'Take extra.md away' }).click();
  await say(page, 'code with a picture');
  await page.locator('.code .hljs-keyword').first().waitFor();
  await page.getByRole('button', { name: 'Show all 90 lines' }).click();
  await answered(page, 2);
  const first = idOf(page);
  const [message] = (await stored(first)).messages;
  const picture = message?.parts.find((part) => part['type'] === 'image');
  expect(picture).toMatchObject({ media_type: 'image/png', name: 'boat.png', data: PNG.toString('base64') });
  expect(JSON.stringify(message?.parts)).toContain('항구');
  await page.getByRole('button', { name: 'Show boat.png large' }).click();
  await page.getByRole('dialog').getByRole('img', { name: 'boat.png' }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();

  await page.getByLabel('Menu of message 1').click();
  await page.getByRole('button', { name: 'Edit and ask again' }).click();
  await say(page, 'something else');
  await page.waitForURL((url) => !url.href.includes(first));
  await answered(page, 2);
  const branch = await stored(idOf(page));
  expect(branch.parent_id).toBe(first);
  expect(JSON.stringify(branch.messages[0]?.parts)).toContain('something else');
  // What it came with goes along.
  expect(JSON.stringify(branch.messages[0]?.parts)).toContain(PNG.toString('base64'));
  expect((await stored(first)).last_seq).toBe(2);

  await page.getByLabel('Menu of message 2').click();
  await page.getByRole('button', { name: 'Answer anew' }).click();
  await page.getByText('1 other branches').waitFor();
  await answered(page, 2);
  await page.locator('.talk-family').getByRole('link', { name: 'code with a picture' }).first().click();
  await page.waitForURL((url) => url.href.includes(first));
  await page.getByText('2 branches of this').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test(
  'what is said while a turn runs joins it, a page that is loaded anew follows it, and it is stopped',
  SLOW,
  async () => {
    const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat');
    await say(page, 'slow please');
    await page.getByText('word1').waitFor();
    await page.waitForURL(/chat\/[0-9a-f-]{36}$/);
    await say(page, 'and one more');
    await page.getByText('joins at the next step').waitFor();
    await page.reload();
    await page.getByText('word2').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped it.').waitFor();
    expect((await stored(idOf(page))).messages[1]?.role).toBe('assistant');
    // Drafts stay with their conversation.
    await page.getByLabel('Write a message').fill('half a thought');
    await page.getByRole('link', { name: 'New conversation' }).click();
    await expect.poll(() => page.getByLabel('Write a message').inputValue(), PATIENT).toBe('');
    await page.goBack();
    await expect.poll(() => page.getByLabel('Write a message').inputValue(), PATIENT).toBe('half a thought');
    expect(complaints).toEqual([]);
  },
);

test('an act is allowed for longer, its result is read, and another surface’s words appear', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat', { colorScheme: 'dark' });
  await say(page, 'command');
  await page.getByText('Allow for longer').click();
  await page.getByLabel('For', { exact: true }).selectOption('pattern');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await answered(page, 4);
  await page.locator('.tool.ok summary').click();
  await page.locator('.tool-content').getByText('Linux').waitFor();
  const [grant] = (await ask(serve(), '/api/v1/grants')).json as { scope: string }[];
  expect(grant?.scope).toBe('pattern');
  const id = idOf(page);
  await ask(serve(), '/api/v1/chat', { body: { message: 'from elsewhere', conversation_id: id } });
  await page.getByText('from elsewhere').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('conversations are found, renamed, tagged and deleted beside the chat', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/chat');
  await say(page, 'zebra crossing');
  await answered(page, 2);
  const id = idOf(page);
  await page.getByRole('button', { name: 'About' }).click();
  await page.getByLabel('Title').fill('striped animals');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('heading', { name: 'striped animals' }).waitFor();
  await page.getByRole('textbox', { name: 'Tag' }).fill('zoo');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByRole('button', { name: 'Remove tag zoo' }).waitFor();
  expect((await stored(id)).title).toBe('striped animals');
  await page.getByLabel('Search in this conversation').fill('zebra');
  await page.locator('.talk-hits').getByRole('link').first().click();
  await page.waitForURL(/#m1$/);
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await list.getByRole('searchbox').fill('STRIPED');
  await expect.poll(() => list.getByRole('link').count(), PATIENT).toBe(2);
  await list.getByRole('searchbox').fill('zebra');
  await list.getByText('In messages').waitFor();
  await list.locator('.history-hit').first().waitFor();
  await list.getByRole('searchbox').fill('');
  await page.getByRole('button', { name: 'Delete conversation' }).click();
  await page.getByRole('dialog', { name: 'striped animals' }).getByRole('button', { name: 'Yes' }).click();
  await page.waitForURL(/\/dashboard\/chat$/);
  expect((await ask(serve(), `/api/v1/conversations/${id}`)).status).toBe(404);
  expect(complaints).toEqual([]);
});

const MANY = 10_000;

/** A conversation of the owner with that many messages, written beside the running server. */
async function longConversation(): Promise<string> {
  const app = await openApp({ home: serve().home, overrides: {} });
  const store = await app.store();
  const id = newId();
  const { id: owner_id } = await app.user();
  const now = app.clock.now();
  const row = { id, owner_id, title: 'long', origin: 'terminal', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: now, updated_at: now });
  await store.transaction(async ({ conversations }) => {
    for (let number = 1; number <= MANY; number += 1) {
      const text = `message number ${number} of the long conversation${' and on'.repeat(number % 40)}`;
      const parts = JSON.stringify([{ type: 'text', text, provenance: 'owner' }]);
      const role = number % 2 === 1 ? 'user' : 'assistant';
      await conversations.append({ conversation_id: id, turn_id: id, role, parts, state: 'complete', created_at: now });
    }
  });
  await app.close();
  return id;
}

test('ten thousand messages: the first is one key away, the last another, and a link leads to any', SLOW, async () => {
  const id = await longConversation();
  const { page, complaints } = await openPage(browser(), serve(), `/dashboard/chat/${id}`);
  const thread = page.getByRole('log');
  const isSeen = (number: number) => page.getByText(`message number ${number} of`, { exact: false }).first().waitFor();
  const top = (): Promise<number> =>
    thread.evaluate((element) => (element as unknown as { scrollTop: number }).scrollTop);
  await isSeen(MANY);
  await thread.focus();
  await page.keyboard.press('Home');
  await isSeen(1);
  await expect.poll(top, PATIENT).toBe(0);
  await page.keyboard.press('PageDown');
  await expect.poll(top, PATIENT).toBeGreaterThan(100);
  await page.keyboard.press('PageUp');
  await expect.poll(top, PATIENT).toBe(0);
  await page.keyboard.press('End');
  await isSeen(MANY);
  await page.goto(page.url().replace(/#.*$/, '') + '#m5000');
  await isSeen(5000);
  await page.reload();
  await isSeen(5000);
  await page.getByRole('button', { name: 'To the latest' }).click();
  await isSeen(MANY);
  await page.getByRole('button', { name: 'To the beginning' }).click();
  await isSeen(1);
  expect(await page.locator('.row').count()).toBeLessThan(60);
  // Who reads at the end sees what comes; who reads elsewhere is left where they are, and told.
  await ask(serve(), '/api/v1/chat', { body: { message: 'meanwhile', conversation_id: id } });
  await page.getByRole('button', { name: 'To the latest (2 new)' }).click();
  await page.getByText('meanwhile').waitFor();
  expect(complaints).toEqual([]);
});
