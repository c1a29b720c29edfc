/** Measures the dashboard in a headless Chromium: the first load, a long conversation, and what a tab that nobody touches costs the server. */
import type { ChildProcess } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openApp } from '../src/core/create-app.ts';
import { newId } from '../src/core/kernel/ids.ts';
import type { Figure } from './figure.ts';
import { type Environment, withServe } from './running-serve.ts';
import { median } from './statistics.ts';

const LOADS = 7;
const OPENINGS = 5;
const MESSAGES = 10_000;
const IDLE_MS = 30_000;
/** What a page still does after it was opened. */
const SETTLING_MS = 5_000;

export async function dashboardFigures(env: Environment): Promise<readonly Figure[]> {
  return withServe(env, { API_RATE_LIMIT: '1000000' }, async (server, home) => {
    const { ports } = JSON.parse(readFileSync(join(home, 'run', 'serve.json'), 'utf8')) as { ports: { http: number } };
    const origin = `http://127.0.0.1:${ports.http}`;
    await longConversation(home);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    try {
      const loads = await firstLoads(browser, origin);
      return [scriptSize(), ...loads, ...(await openings(browser, origin)), ...(await idle(browser, server, origin))];
    } finally {
      await browser.close();
    }
  });
}

/** Script that the first page asks for before anything is pressed, packed. */
function scriptSize(): Figure {
  const folder = join(import.meta.dirname, '..', 'dist', 'dashboard');
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const files = [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '');
  const overview = globSync('assets/overview-*.js', { cwd: folder });
  const total = [...new Set([...files, ...overview])].reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(folder, path))).length,
    0,
  );
  return {
    name: 'dashboard: scripts and styles of the first load',
    value: total / 1e6,
    unit: 'MB',
    atMost: 0.15,
    note: 'gzip',
  };
}

interface Load {
  readonly shown: number;
  readonly fcp: number;
  readonly lcp: number;
  readonly blocked: number;
  readonly shift: number;
}

async function firstLoads(browser: Browser, origin: string): Promise<readonly Figure[]> {
  const loads: Load[] = [];
  for (let count = 0; count < LOADS; count += 1) loads.push(await load(browser, origin));
  const shown = loads.map((each) => each.shown);
  const scores = loads.map((each) => 100 * score(each));
  const note = `${LOADS} browsers without a cache: ${shown.map((ms) => ms.toFixed(0)).join(', ')}`;
  return [
    {
      name: 'dashboard: first load until its data are shown, p50',
      value: median(shown),
      unit: 'ms',
      atMost: 1000,
      note,
    },
    {
      name: 'dashboard: performance score, p50',
      value: median(scores),
      unit: '%',
      atLeast: 95,
      note: `FCP ${median(loads.map(({ fcp }) => fcp)).toFixed(0)} ms, LCP ${median(loads.map(({ lcp }) => lcp)).toFixed(0)} ms, blocked ${median(loads.map(({ blocked }) => blocked)).toFixed(0)} ms, shift ${median(loads.map(({ shift }) => shift)).toFixed(3)}`,
    },
  ];
}

const OBSERVE = `window.seen = { fcp: 0, lcp: 0, blocked: 0, shift: 0 };
for (const type of ['paint', 'largest-contentful-paint', 'longtask', 'layout-shift'])
  new PerformanceObserver((list) => list.getEntries().forEach((each) => {
    if (type === 'paint' && each.name === 'first-contentful-paint') seen.fcp = each.startTime;
    if (type === 'largest-contentful-paint') seen.lcp = each.startTime;
    if (type === 'longtask') seen.blocked += Math.max(0, each.duration - 50);
    if (type === 'layout-shift' && !each.hadRecentInput) seen.shift += each.value;
  })).observe({ type, buffered: true });`;

async function load(browser: Browser, origin: string): Promise<Load> {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  await page.addInitScript(OBSERVE);
  const began = performance.now();
  await page.goto(origin);
  await page.getByText('Running since').waitFor();
  const shown = performance.now() - began;
  await wait(1_000);
  const seen = (await page.evaluate('seen')) as Omit<Load, 'shown'>;
  await context.close();
  return { ...seen, shown };
}

/** Median and 10th best percentile of a desktop page, and the weight. Source: the published scoring of Lighthouse 10; its speed index, which needs a film of the page, is taken as the largest paint, which is never earlier. */
const SCORING = {
  fcp: { median: 1600, p10: 934, weight: 0.1 },
  lcp: { median: 2400, p10: 1200, weight: 0.25 },
  speed: { median: 2300, p10: 1311, weight: 0.1 },
  blocked: { median: 350, p10: 150, weight: 0.3 },
  shift: { median: 0.25, p10: 0.1, weight: 0.25 },
} as const;

function score(load: Load): number {
  const values = { ...load, speed: load.lcp };
  return Object.entries(SCORING).reduce(
    (sum, [name, { median: middle, p10, weight }]) =>
      sum + weight * logNormalScore(values[name as keyof typeof SCORING], middle, p10),
    0,
  );
}

/** 0.9 at `p10`, 0.5 at `middle`, on a log-normal curve. */
function logNormalScore(value: number, middle: number, p10: number): number {
  if (value <= 0) return 1;
  const inverse = 0.906_193_802_436_823_2;
  const x = (Math.log(value / middle) * inverse) / -Math.log(p10 / middle);
  return Math.min(1, Math.max(0, (1 - erf(x)) / 2));
}

/** Abramowitz and Stegun, 7.1.26. */
function erf(x: number): number {
  const t = 1 / (1 + 0.327_591_1 * Math.abs(x));
  const sum =
    t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

async function openings(browser: Browser, origin: string): Promise<readonly Figure[]> {
  const page = await browser.newPage({ locale: 'en-US' });
  const opened: number[] = [];
  const frames: number[] = [];
  for (let count = 0; count < OPENINGS; count += 1) {
    await page.goto(`${origin}/dashboard/chat`);
    const link = page.getByRole('link', { name: 'a long conversation' }).first();
    await link.waitFor();
    await wait(500);
    const began = performance.now();
    await link.click();
    await page.getByText(`message number ${MESSAGES} of`).waitFor();
    opened.push(performance.now() - began);
    frames.push(await framesWhileScrolling(page));
  }
  await page.close();
  const note = `${OPENINGS} times: ${opened.map((ms) => ms.toFixed(0)).join(', ')}`;
  return [
    { name: `dashboard: ${MESSAGES} messages open, p50`, value: median(opened), unit: 'ms', atMost: 300, note },
    { name: 'dashboard: frames while scrolling them, p50', value: median(frames), unit: '/s', atLeast: 50 },
  ];
}

async function framesWhileScrolling(page: Page): Promise<number> {
  return (await page.evaluate(`new Promise((resolve) => {
    const thread = document.querySelector('.thread');
    const began = performance.now();
    let frames = 0;
    const next = () => {
      const passed = performance.now() - began;
      if (passed > 2000) return resolve((frames / passed) * 1000);
      frames += 1;
      thread.scrollTop -= 120;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`)) as number;
}

/** What an open, visible page that nobody touches costs the server beyond what it costs without one. */
async function idle(browser: Browser, server: ChildProcess, origin: string): Promise<readonly Figure[]> {
  const alone = await cpuShare(server);
  const page = await browser.newPage({ locale: 'en-US' });
  await page.goto(origin);
  await page.getByText('Running since').waitFor();
  await wait(SETTLING_MS);
  const watched = await cpuShare(server);
  await page.close();
  const note = `${IDLE_MS / 1000} s each: ${alone.toFixed(2)} % without, ${watched.toFixed(2)} % with one tab`;
  return [
    { name: 'dashboard: CPU of the server for an idle tab', value: watched - alone, unit: '%', atMost: 0.1, note },
  ];
}

/** Percent of one processor over `IDLE_MS`. */
async function cpuShare({ pid }: ChildProcess): Promise<number> {
  const before = cpuMs(pid);
  await wait(IDLE_MS);
  return (100 * (cpuMs(pid) - before)) / IDLE_MS;
}

/** Milliseconds that the threads of a process have run. Source: Linux, Documentation/scheduler/sched-stats.rst. */
function cpuMs(pid: number | undefined): number {
  return globSync(`/proc/${pid}/task/*/schedstat`).reduce(
    (sum, path) => sum + Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6,
    0,
  );
}

async function longConversation(home: string): Promise<void> {
  const app = await openApp({ home, overrides: {} });
  const store = await app.store();
  const id = newId();
  const { id: owner_id } = await app.user();
  const now = app.clock.now();
  const row = { id, owner_id, title: 'a long conversation', origin: 'terminal', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: now, updated_at: now });
  await store.transaction(async ({ conversations }) => {
    for (let number = 1; number <= MESSAGES; number += 1) {
      const text = `message number ${number} of the long conversation${' and on'.repeat(number % 40)}`;
      const parts = JSON.stringify([{ type: 'text', text, provenance: 'owner' }]);
      const role = number % 2 === 1 ? 'user' : 'assistant';
      await conversations.append({ conversation_id: id, turn_id: id, role, parts, state: 'complete', created_at: now });
    }
  });
  await app.close();
}
