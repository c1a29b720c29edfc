/** Owns an adapter beside a stand-in of Discord, with an inbox that keeps what it is handed; all of it gone when the test ends. */
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { loadSettings } from '../../../src/core/config/load-settings.ts';
import { type Clock, systemClock } from '../../../src/core/kernel/clock.ts';
import type { Log, LogFields } from '../../../src/core/kernel/log.ts';
import type { Channel, ChannelContext } from '../../../src/serve/channels/channel.ts';
import { createDiscordChannel } from '../../../src/serve/channels/discord.ts';
import { type RecordingInbox, recordingInbox } from '../recording-inbox.ts';
import { temporaryHome } from '../temporary-home.ts';
import { type DiscordStandIn, startDiscordStandIn } from './discord-stand-in.ts';
import { TOKEN } from './discord-world.ts';

export interface DiscordBench {
  readonly standIn: DiscordStandIn;
  readonly channel: Channel;
  readonly inbox: RecordingInbox;
  /** Every line of the log, as one text each. */
  readonly log: string[];
}

interface BenchOptions {
  readonly token?: string;
  /** Ending of the API root. */
  readonly path?: string;
  readonly name?: string;
  readonly lastMessages?: ChannelContext['lastMessages'];
}

/** How many times faster waits of the adapter pass than they say. */
const HASTE = 40;
const hastyClock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / HASTE, signal) };

/** An adapter that is not started. */
export async function discordBench({
  token = TOKEN,
  path = '',
  name = 'J',
  lastMessages,
}: BenchOptions = {}): Promise<DiscordBench> {
  const standIn = await startDiscordStandIn();
  const home = temporaryHome();
  const settings = loadSettings({
    environment: { DISCORD_API_ROOT: standIn.origin + path, ASSISTANT_NAME: name },
    home,
    cwd: home,
    config: join(home, 'config.json'),
    env: join(home, '.env'),
    overrides: {},
  });
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
  const channel = await createDiscordChannel({
    settings,
    secret: async (asked) => (asked === 'DISCORD_BOT_TOKEN' ? token : undefined),
    clock: hastyClock,
    log: recordingLog,
    ...(lastMessages === undefined ? {} : { lastMessages }),
  });
  onTestFinished(async () => {
    await channel.close();
    await standIn.close();
  });
  return { standIn, channel, inbox: recordingInbox(), log };
}

/** The same, connected. */
export async function connectedDiscord(options: BenchOptions = {}): Promise<DiscordBench> {
  const bench = await discordBench(options);
  await bench.channel.start(bench.inbox);
  return bench;
}

/** Waits until `check` no longer throws. */
export async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { timeout: 8000, interval: 5 });
}
