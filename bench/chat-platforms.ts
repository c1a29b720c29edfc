/** Owns stand-ins of the chat platforms for measurements, and the settings that connect a server to them. */
import { startDiscordStandIn } from '../tests/fakes/discord/discord-stand-in.ts';
import { TOKEN as DISCORD_TOKEN } from '../tests/fakes/discord/discord-world.ts';
import { APP_TOKEN, BOT_TOKEN, startSlackStandIn } from '../tests/fakes/slack/slack-stand-in.ts';
import { TelegramServer, TOKEN } from '../tests/fakes/telegram/telegram-server.ts';

export interface ChatPlatforms {
  /** How many there are. */
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<unknown>;
}

export async function startChatPlatforms(): Promise<ChatPlatforms> {
  const [telegram, discord, slack] = await Promise.all([
    new TelegramServer().listen(),
    startDiscordStandIn(),
    startSlackStandIn(),
  ]);
  return {
    count: 3,
    env: {
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: telegram.url,
      DISCORD_BOT_TOKEN: DISCORD_TOKEN,
      DISCORD_API_ROOT: `${discord.origin}/api`,
      SLACK_BOT_TOKEN: BOT_TOKEN,
      SLACK_APP_TOKEN: APP_TOKEN,
      SLACK_API_ROOT: `${slack.origin}/api`,
    },
    close: () => Promise.all([telegram.close(), discord.close(), slack.close()]),
  };
}
