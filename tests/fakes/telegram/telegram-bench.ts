/** Owns an adapter to Telegram beside its stand-in, for one test; both are closed after it. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../../src/core/config/load-settings.ts';
import type { OutgoingMessage } from '../../../src/core/conversations/channel-messages.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { createTelegramChannel } from '../../../src/serve/channels/telegram.ts';
import { quietLog } from '../quiet-log.ts';
import { recordingInbox } from '../recording-inbox.ts';
import { temporaryHome } from '../temporary-home.ts';
import { TelegramServer, TOKEN } from './telegram-server.ts';

export async function telegramBench() {
  const server = await new TelegramServer().listen();
  const home = temporaryHome();
  const settings = loadSettings({
    environment: { TELEGRAM_API_ROOT: server.url },
    home,
    cwd: home,
    config: join(home, 'config.json'),
    env: join(home, '.env'),
    overrides: {},
  });
  const context = { settings, secret: async () => TOKEN, clock: systemClock, log: quietLog };
  const timings = { deadlineMs: 300, pollMs: 20_000, firstPauseMs: 10, mostPauseMs: 20, refusedPauseMs: 10_000 };
  const channel = await createTelegramChannel(context, timings);
  onTestFinished(async () => {
    await channel.close();
    await server.close();
  });
  const send = (more: Partial<OutgoingMessage> = {}) =>
    channel.send({ id: 'id', chat: 'tg:42', text: 'hello', attempt: 1, ...more }, AbortSignal.timeout(5000));
  const failure = async (more?: Partial<OutgoingMessage>): Promise<unknown> =>
    send(more).catch((error: unknown) => error);
  return { server, home, channel, inbox: recordingInbox(), send, failure };
}
