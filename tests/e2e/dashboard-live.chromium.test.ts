/** The dashboard as it stands open while others work: what they do appears by itself, and so does the server after it was gone. */
import { expect, test } from 'vitest';
import { openPage, sharedBrowser } from './browser-kit.ts';
import { ask } from './http-kit.ts';
import { runClaw } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe();
const SLOW = { timeout: 60_000 };

test('what a command, a client of the API and another tab do appears without a reload', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/dashboard/tasks');
  await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor();
  const one = ['--id', 'by-command', '--prompt', 'hello', '--schedule-type', 'interval', '--schedule-value', '1h'];
  await runClaw(['task', 'create', ...one], { home: serve().home });
  await page.getByText('by-command').first().waitFor();
  await ask(serve(), '/api/v1/tasks/by-command/pause', { method: 'POST', body: {} });
  await page.getByText('paused').first().waitFor();
  await page.goto(`${new URL(page.url()).origin}/dashboard/chat`);
  await page.getByLabel('Write a message').waitFor();
  await ask(serve(), '/api/v1/chat', { body: { message: 'written by a client' } });
  await page.getByRole('link', { name: 'written by a client' }).waitFor();
  expect(complaints).toEqual([]);
});
