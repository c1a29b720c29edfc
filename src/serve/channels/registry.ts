/** Owns the list of chat platforms: what switches each on and how it is loaded. Reading this file tells what exists; an adapter and its packages are loaded only when its token is set. */
import type { Channel, ChannelContext } from './channel.ts';

export interface ChannelEntry {
  readonly name: string;
  /** Secrets without all of which it stays off. */
  readonly needs: readonly string[];
  create(context: ChannelContext): Promise<Channel>;
}

export const CHANNELS: readonly ChannelEntry[] = [
  {
    name: 'telegram',
    needs: ['TELEGRAM_BOT_TOKEN'],
    create: async (context) => (await import('./telegram.ts')).createTelegramChannel(context),
  },
  {
    name: 'discord',
    needs: ['DISCORD_BOT_TOKEN'],
    create: async (context) => (await import('./discord.ts')).createDiscordChannel(context),
  },
  {
    name: 'slack',
    needs: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
    create: async (context) => (await import('./slack.ts')).createSlackChannel(context),
  },
];
