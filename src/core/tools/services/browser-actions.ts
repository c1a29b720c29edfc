/** Owns what can be done with a page of the browser: nine acts, each bounded. */
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/messages.ts';

const SELECTOR = z.string().min(1).max(1000);

export const ACTION = z.discriminatedUnion('action', [
  z.object({ action: z.literal('navigate'), url: z.string().min(1).max(8192) }),
  z.object({ action: z.literal('click'), selector: SELECTOR }),
  z.object({
    action: z.literal('type'),
    selector: SELECTOR,
    text: z.string().max(10_000),
    submit: z.boolean().default(false),
  }),
  z.object({ action: z.literal('text'), selector: SELECTOR.optional() }),
  z.object({ action: z.literal('screenshot'), path: z.string().min(1).max(200).default('page.png') }),
  z.object({ action: z.literal('links') }),
  z.object({ action: z.literal('wait'), seconds: z.number().min(0).default(1) }),
  z.object({ action: z.literal('scroll'), pixels: z.int().min(-100_000).max(100_000).default(800) }),
]);

export type BrowserAction = z.infer<typeof ACTION>;

interface ActDeps {
  readonly refuseUrl: (url: string) => Promise<string | undefined>;
  readonly savePicture: (path: string, png: Buffer) => Promise<void>;
}

const TIMEOUT_MS = 15_000;
/** Longest wait in seconds. */
const MAX_WAIT = 10;
const MAX_TEXT = 50_000;
const MAX_LINKS = 200;

export async function act(page: Page, request: BrowserAction, deps: ActDeps): Promise<JsonValue> {
  switch (request.action) {
    case 'navigate':
      return navigate(page, request.url, deps);
    case 'click':
      await page.locator(request.selector).first().click({ timeout: TIMEOUT_MS });
      return where(page);
    case 'type': {
      const field = page.locator(request.selector).first();
      await field.fill(request.text, { timeout: TIMEOUT_MS });
      if (request.submit) await field.press('Enter', { timeout: TIMEOUT_MS });
      return where(page);
    }
    case 'text': {
      const text = await page
        .locator(request.selector ?? 'body')
        .first()
        .innerText({ timeout: TIMEOUT_MS });
      return { ...(await where(page)), text: text.slice(0, MAX_TEXT) };
    }
    case 'screenshot':
      if (!request.path.endsWith('.png')) throw new ClawError('data-invalid', 'the name of a picture ends in .png');
      await deps.savePicture(request.path, await page.screenshot({ timeout: TIMEOUT_MS }));
      return { saved: request.path };
    case 'links':
      return links(page);
    case 'wait': {
      const seconds = Math.min(request.seconds, MAX_WAIT);
      await page.waitForTimeout(seconds * 1000);
      return { waited_seconds: seconds };
    }
    case 'scroll':
      await page.mouse.wheel(0, request.pixels);
      return where(page);
  }
}

async function navigate(page: Page, url: string, deps: ActDeps): Promise<JsonValue> {
  const reason = await deps.refuseUrl(url);
  if (reason !== undefined) throw new ClawError('sandbox-refused', reason);
  const response = await page.goto(url, { timeout: TIMEOUT_MS, waitUntil: 'domcontentloaded' });
  return { ...(await where(page)), status: response?.status() ?? null };
}

async function where(page: Page): Promise<{ url: string; title: string }> {
  return { url: page.url(), title: (await page.title()).slice(0, 500) };
}

async function links(page: Page): Promise<JsonValue> {
  const found = await page.locator('a[href]').evaluateAll((elements) =>
    elements.map((element) => {
      const { href, innerText } = element as unknown as { href: string; innerText: string };
      return { text: innerText.trim().slice(0, 200), url: href };
    }),
  );
  return found.filter(({ url }) => /^https?:/.test(url)).slice(0, MAX_LINKS);
}
