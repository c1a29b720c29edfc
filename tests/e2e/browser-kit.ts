/** Owns a real Chromium for tests of the dashboard: what it complained of is kept, and axe looks at a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { RunningServe } from './serve-kit.ts';
import { urlOf } from './http-kit.ts';

export interface SeenPage {
  readonly page: Page;
  /** What the console and the page itself complained of: violations of the policy, failed requests, crashes. */
  readonly complaints: readonly string[];
}

const CHROMIUM = '/usr/bin/chromium';
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** One browser for the tests of a file. */
export function sharedBrowser(): () => Browser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  }, 60_000);
  afterAll(async () => browser?.close());
  return () => {
    if (browser === undefined) throw new Error('the browser did not start');
    return browser;
  };
}

/** A page of its own, with nothing kept of others, at `path` of the server. */
export async function openPage(
  browser: Browser,
  serve: RunningServe,
  path: string,
  options: BrowserContextOptions = {},
): Promise<SeenPage> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(urlOf(serve, path));
  return { page, complaints };
}

/** Resolves when nothing of the page is on its way any more. */
export async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator('[role="status"].quiet').count(), { timeout: 15_000 }).toBe(0);
}

interface AxeFinding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds serious or critical on the page as it stands, by the rules of WCAG 2.2 AA. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // Evaluated by the browser's debugger, so that the page's own policy stays as it is.
  await page.evaluate(`(() => { ${readFileSync(AXE, 'utf8')} })()`);
  const violations = (await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations)`,
  )) as readonly AxeFinding[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
