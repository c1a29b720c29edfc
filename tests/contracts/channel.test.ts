/** Every adapter to a chat platform keeps its contract. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/core/config/load-settings.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { createTelegramChannel } from '../../src/serve/channels/telegram.ts';
import { discordBench } from '../fakes/discord/discord-bench.ts';
import { ADA, DIRECT } from '../fakes/discord/discord-world.ts';
import { quietLog } from '../fakes/quiet-log.ts';
import { recordingInbox } from '../fakes/recording-inbox.ts';
import { slackBench } from '../fakes/slack/slack-bench.ts';
import { type Fault, TelegramServer, TOKEN } from '../fakes/telegram/telegram-server.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';
import { channelContract, type ChannelKit, type SendFault } from './channel.contract.ts';

const slack: ChannelKit = {
  name: 'slack',
  open: async ({ hasWrongToken = false } = {}) => {
    const { standIn, channel, inbox } = await slackBench({
      ackMs: 100,
      ...(hasWrongToken ? { tokens: { bot: 'wrong-token' } } : {}),
    });
    const faults = {
      limited: { kind: 'status', status: 429, retryAfter: 7 },
      down: { kind: 'status', status: 502 },
      refused: { kind: 'error', error: 'channel_not_found' },
      taken: { kind: 'reset', isDone: true },
    } as const;
    return {
      channel,
      inbox,
      chat: 'slack:D0001',
      say: (words) => void standIn.say('D0001', 'U0001', escaped(words)),
      shown: () => standIn.posts('D0001').flatMap(({ bot_id: bot, text }) => (bot === undefined ? [] : [text])),
      pings: () =>
        standIn
          .posts('D0001')
          .some(({ bot_id: bot, text }) => bot !== undefined && /<!|@(?:everyone|here)/.test(text)) ||
        standIn.calls.some(({ args }) => args['link_names'] === 'true' || args['parse'] === 'full'),
      fail: (fault) => standIn.fail('chat.postMessage', faults[fault]),
      close: () => standIn.close(),
    };
  },
};

/** As Slack writes what a person typed. */
function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const discord: ChannelKit = {
  name: 'discord',
  open: async ({ hasWrongToken = false } = {}) => {
    const { standIn, channel, inbox } = await discordBench(hasWrongToken ? { token: 'wrong-token' } : {});
    const limit = { message: 'You are being rate limited.', retry_after: 7, global: false };
    const faults = {
      limited: { kind: 'status', status: 429, body: limit, headers: { 'retry-after': '7' } },
      down: { kind: 'status', status: 502 },
      refused: { kind: 'status', status: 403, body: { code: 50_001, message: 'Missing Access' } },
      taken: { kind: 'accept-then-reset' },
    } as const;
    return {
      channel,
      inbox,
      chat: `dc:${DIRECT}`,
      say: (words) => void standIn.say(DIRECT, ADA, words),
      shown: () => standIn.world.visible.flatMap(({ channel: where, content }) => (where === DIRECT ? [content] : [])),
      // Discord pings by what a message allows, not by its words.
      pings: () => standIn.world.visible.some(({ body }) => !isDeepStrictEqual(pingsOf(body), [])),
      fail: (fault) => standIn.fail(/^POST \/channels\/\d+\/messages$/, faults[fault]),
      close: () => standIn.close(),
    };
  },
};

function pingsOf(body: Record<string, unknown>): unknown {
  return (body['allowed_mentions'] as { parse?: unknown } | undefined)?.parse;
}

const telegram: ChannelKit = {
  name: 'telegram',
  open: async ({ hasWrongToken = false } = {}) => {
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
    const secret = async (): Promise<string> => (hasWrongToken ? '1:wrong-token' : TOKEN);
    const timings = { deadlineMs: 300, pollMs: 1000, firstPauseMs: 10, mostPauseMs: 20, refusedPauseMs: 10_000 };
    const channel = await createTelegramChannel({ settings, secret, clock: systemClock, log: quietLog }, timings);
    onTestFinished(async () => {
      await channel.close();
      await server.close();
    });
    const faults: Readonly<Record<SendFault, Fault>> = {
      limited: { kind: 'status', status: 429, retryAfter: 7 },
      down: { kind: 'status', status: 502 },
      refused: { kind: 'status', status: 403, description: 'Forbidden: bot was blocked by the user' },
      taken: { kind: 'reset' },
    };
    const ada = { id: 42, type: 'private', first_name: 'Ada' };
    return {
      channel,
      inbox: recordingInbox(),
      chat: 'tg:42',
      say: (words) => void server.say(words, { chat: ada, from: { id: 42, is_bot: false, first_name: 'Ada' } }),
      shown: () => server.textsIn(42),
      pings: () => server.textsIn(42).some((text) => /@(?:everyone|here)/.test(text)),
      fail: (fault) => server.fail('sendMessage', faults[fault]),
      close: () => server.close(),
    };
  },
};

for (const kit of [slack, discord, telegram]) channelContract(kit);
