/** Owns the settings of chat platforms and rooms. */
import type { SettingTable } from './setting.ts';

export const CHANNEL_SETTINGS = {
  ASSISTANT_NAME: { kind: 'text', default: 'Claw', description: 'Name the assistant answers to.' },
  TRIGGER_PATTERN: {
    kind: 'regex',
    description: 'Regular expression that calls the assistant in a room; @ASSISTANT_NAME when not set.',
  },
  AUTO_REGISTER_MAIN_JID: {
    kind: 'text',
    sensitive: true,
    description: 'Id of the chat that becomes the main room at the first start.',
  },
  BOT_RATE_LIMIT: {
    kind: 'integer',
    default: 10,
    min: 1,
    max: 1_000_000,
    description: 'Messages a minute of one sender on a chat platform.',
  },
  TELEGRAM_BOT_TOKEN: {
    kind: 'text',
    secret: true,
    description: 'Token of the Telegram bot; switches the channel on.',
  },
  TELEGRAM_ALLOWED_USERS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Telegram user ids that may talk to the assistant.',
  },
  DISCORD_BOT_TOKEN: { kind: 'text', secret: true, description: 'Token of the Discord bot; switches the channel on.' },
  DISCORD_ALLOWED_GUILDS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Discord server ids in which the assistant answers.',
  },
  DISCORD_ALLOWED_CHANNELS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Discord channel ids in which the assistant answers.',
  },
  SLACK_BOT_TOKEN: { kind: 'text', secret: true, description: 'Bot token of the Slack app; switches the channel on.' },
  SLACK_APP_TOKEN: { kind: 'text', secret: true, description: 'App token of the Slack app, for Socket Mode.' },
  SLACK_ALLOWED_CHANNELS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Slack channel ids in which the assistant answers.',
  },
  THREADS_ACCESS_TOKEN: { kind: 'text', secret: true, description: 'Access token of Threads.' },
  THREADS_USER_ID: { kind: 'text', description: 'User id on Threads.' },
  THREADS_APP_ID: { kind: 'text', description: 'Id of the app on Threads.' },
  THREADS_APP_SECRET: { kind: 'text', secret: true, description: 'Secret of the app on Threads.' },
} as const satisfies SettingTable;
