/** Measures what claw itself adds to a turn: from the message in to the provider's request out, and from the provider's last byte to the answer out. Runs as a process of its own (`node turn.ts`) and prints its figures as JSON. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { openApp } from '../src/core/create-app.ts';
import { estimateTokens } from '../src/core/kernel/estimate-tokens.ts';
import type { Exchange, StandInMessage } from './anthropic-stand-in.ts';
import type { Figure } from './figure.ts';
import { median, percentile } from './statistics.ts';

const FRESH_TURNS = 60;
const HISTORY_MESSAGES = 2000;
const LATER_TURNS = 60;

const standIn = new Worker(new URL('anthropic-stand-in.ts', import.meta.url));
const port = ((await received()) as { port: number }).port;

async function received(): Promise<StandInMessage> {
  const [message] = (await once(standIn, 'message', { signal: AbortSignal.timeout(10_000) })) as [StandInMessage];
  return message;
}

type App = Awaited<ReturnType<typeof openApp>>;

interface Turn {
  readonly ownMs: number;
  readonly request: string;
  readonly conversationId: string;
}

async function runTurn(app: App, text: string, conversationId: string | undefined): Promise<Turn> {
  const chat = await app.chat();
  const user = await app.user();
  const arrived = received();
  const startedAt = performance.timeOrigin + performance.now();
  let endedIn = '';
  const request = { userId: user.id, text, signal: new AbortController().signal };
  for await (const event of chat.send(conversationId === undefined ? request : { ...request, conversationId })) {
    if (event.type !== 'turn-end') continue;
    if (event.stopReason !== 'complete')
      throw new Error(`the turn ended with ${event.stopReason}: ${event.error?.message}`);
    endedIn = event.conversationId;
  }
  const endedAt = performance.timeOrigin + performance.now();
  const { exchange } = (await arrived) as { exchange: Exchange };
  const ownMs = exchange.receivedAt - startedAt + (endedAt - exchange.answeredAt);
  return { ownMs, request: exchange.request, conversationId: endedIn };
}

async function measure(app: App): Promise<readonly Figure[]> {
  const first = await runTurn(app, 'hello', undefined);
  const fresh: number[] = [];
  // Each in a conversation of its own, as on a fresh home.
  for (let turn = 0; turn < FRESH_TURNS; turn += 1) fresh.push((await runTurn(app, 'hello', undefined)).ownMs);
  for (let sent = 2; sent < HISTORY_MESSAGES; sent += 2) await runTurn(app, `message ${sent}`, first.conversationId);
  const later: number[] = [];
  for (let turn = 0; turn < LATER_TURNS; turn += 1) {
    later.push((await runTurn(app, 'and now?', first.conversationId)).ownMs);
  }
  return [
    { name: 'first turn after start, own time', value: first.ownMs, unit: 'ms', atMost: 300 },
    {
      name: 'turn on a fresh home, own time, p50',
      value: median(fresh),
      unit: 'ms',
      atMost: 8,
      note: `${FRESH_TURNS} turns`,
    },
    {
      name: 'turn on a fresh home, own time, p95',
      value: percentile(fresh, 0.95),
      unit: 'ms',
      note: `${FRESH_TURNS} turns`,
    },
    {
      name: 'turn after 2,000 messages, own time, p50',
      value: median(later),
      unit: 'ms',
      note: `${LATER_TURNS} turns`,
    },
    {
      name: 'turn after 2,000 messages, own time, p95',
      value: percentile(later, 0.95),
      unit: 'ms',
      atMost: 25,
      note: `${LATER_TURNS} turns`,
    },
    {
      name: 'request for "hello"',
      value: estimateTokens(first.request),
      unit: 'tokens',
      atMost: 3000,
      note: 'upper estimate of the whole body',
    },
  ];
}

// Secrets come from the environment, like anyone's.
process.env['ANTHROPIC_API_KEY'] = 'not-a-key';
const home = await mkdtemp(join(tmpdir(), 'claw-bench-'));
const app = await openApp({
  home,
  overrides: {
    LLM_PROVIDER: 'anthropic',
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    MAX_DAILY_CALLS: '100000',
  },
});
try {
  process.stdout.write(`${JSON.stringify(await measure(app))}\n`);
} finally {
  await app.close();
  await standIn.terminate();
  await rm(home, { recursive: true, force: true });
}
