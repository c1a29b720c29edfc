/** Owns an adapter beside a stand-in of Slack, with an inbox that keeps what it is handed; all of it gone when the test ends. */
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { loadSettings } from '../../../src/core/config/load-settings.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import type { Log, LogFields } from '../../../src/core/kernel/log.ts';
import type { Channel } from '../../../src/serve/channels/channel.ts';
import { createSlackChannel, type SlackTimings } from '../../../src/serve/channels/slack.ts';
import { type RecordingInbox, recordingInbox } from '../recording-inbox.ts';
import { temporaryHome } from '../temporary-home.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

export interface SlackBench {
  readonly standIn: SlackStandIn;
  readonly channel: Channel;
  readonly inbox: RecordingInbox;
  /** Every line of the log, as one text each. */
  readonly log: string[];
}

/** Pauses short enough for tests, limits long enough for a busy machine. */
const TIMINGS: SlackTimings = {
  deadlineMs: 5000,
  pingEveryMs: 50,
  silenceMs: 10_000,
  firstMs: 10,
  mostMs: 80,
  stableMs: 20,
  lookupMs: 5000,
};

interface BenchOptions {
  readonly timings?: Partial<SlackTimings>;
  /** Milliseconds until Slack sends again. */
  readonly ackMs?: number;
  readonly tokens?: { readonly bot?: string; readonly app?: string };
  /** Ending of the API root: `/api` unless told. */
  readonly path?: string;
  /** Chats of which the store holds messages, with the last one's id. */
  readonly known?: () => readonly { readonly chat: string; readonly lastId: string }[];
}

/** An adapter that is not started. */
export async function slackBench({
  timings,
  ackMs = 2000,
  tokens = {},
  path = '/api',
  known = () => [],
}: BenchOptions = {}): Promise<SlackBench> {
  const standIn = await startSlackStandIn({ ackMs, pingMs: 50 });
  const home = temporaryHome();
  const environment = { SLACK_API_ROOT: standIn.origin + path };
  const settings = loadSettings({
    environment,
    home,
    cwd: home,
    config: join(home, 'config.json'),
    env: join(home, '.env'),
    overrides: {},
  });
  const secrets: Record<string, string | undefined> = {
    SLACK_BOT_TOKEN: tokens.bot ?? BOT_TOKEN,
    SLACK_APP_TOKEN: tokens.app ?? APP_TOKEN,
  };
  const log: string[] = [];
  const write = (fields: LogFields, message: string): void => void log.push(`${JSON.stringify(fields)} ${message}`);
  const recordingLog: Log = {
    debug: write,
    info: write,
    warn: write,
    error: write,
    with: () => recordingLog,
    close: async () => {},
  };
  const context = {
    settings,
    secret: async (name: string) => secrets[name],
    clock: systemClock,
    log: recordingLog,
    lastMessages: async () => known(),
  };
  const channel = await createSlackChannel(context, { ...TIMINGS, ...timings });
  onTestFinished(async () => {
    await channel.close();
    await standIn.close();
  });
  return { standIn, channel, inbox: recordingInbox(), log };
}

/** An adapter that is connected. */
export async function connectedSlack(options?: BenchOptions): Promise<SlackBench> {
  const bench = await slackBench(options);
  await bench.channel.start(bench.inbox);
  return bench;
}

/** Waits until `check` no longer throws, at most four seconds. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 4000, interval: 5 });
}
