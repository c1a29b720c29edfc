/** The dashboard in a real browser, against a running server. */
import { expect, test } from 'vitest';
import { openPage, seriousFindings, sharedBrowser } from './browser-kit.ts';
import { urlOf } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';

const browser = sharedBrowser();
const serve = sharedServe();
const SLOW = { timeout: 60_000 };

test('the page is served under a policy that lets nothing in, and its files for good', SLOW, async () => {
  const page = await fetch(urlOf(serve(), '/'));
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
  const script = /src="([^"]+\.js)"/.exec(await page.text())?.[1] ?? '';
  const answer = await fetch(urlOf(serve(), script), { headers: { 'accept-encoding': 'br' } });
  expect(answer.headers.get('content-encoding')).toBe('br');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  for (const path of [
    '/assets/../package.json',
    '/assets/%2e%2e%2findex.html',
    '/assets/none.js',
    '/dashboard/../package.json',
  ])
    expect((await fetch(urlOf(serve(), path))).status).toBe(404);
});

test('with authentication off it opens directly and answers a message', SLOW, async () => {
  const { page, complaints } = await openPage(browser(), serve(), '/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByRole('link', { name: 'Chat', exact: true }).click();
  await page.getByLabel('Write a message').fill('what is 2 plus 3');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('paragraph').filter({ hasText: /^5$/ }).waitFor();
  await page.waitForURL(/\/dashboard\/chat\/[0-9a-f-]{36}$/);
  await page.reload();
  await page.getByText('what is 2 plus 3').first().waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('it fits a small screen and a dark room, in Korean', SLOW, async () => {
  const options = { locale: 'ko-KR', colorScheme: 'dark', viewport: { width: 360, height: 740 } } as const;
  const { page, complaints } = await openPage(browser(), serve(), '/', options);
  await page.getByRole('heading', { name: '개요' }).waitFor();
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBe(360);
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
