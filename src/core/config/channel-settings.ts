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
  TRIGGER_PARTICLES: {
    kind: 'boolean',
    default: false,
    description: 'Let a Korean particle follow the name: @폴아 wakes 폴 as @폴 does.',
  },
  ALLOWED_BOTS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Ids of other bots whose messages are not ignored, each written channel:id.',
  },
  MAX_CONCURRENT_TURNS: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    description: 'Most turns of chat platforms that run at once.',
  },
  STREAM_EDITS: {
    kind: 'boolean',
    default: false,
    description: 'Show an answer on chat platforms while it is written, by editing the message.',
  },
  MAX_ATTACHMENT_BYTES: {
    kind: 'integer',
    default: 10_485_760,
    min: 0,
    max: 104_857_600,
    description: 'Largest attachment that is taken from a chat platform, in bytes.',
  },
  PAIRING_MINUTES: {
    kind: 'integer',
    default: 60,
    min: 1,
    max: 10_080,
    description: 'Minutes a pairing code of an unknown person is good for.',
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
  TELEGRAM_API_ROOT: {
    kind: 'url',
    default: 'https://api.telegram.org',
    credential: 'TELEGRAM_BOT_TOKEN',
    sensitive: true,
    description: 'Address of the Telegram Bot API.',
  },
  DISCORD_BOT_TOKEN: { kind: 'text', secret: true, description: 'Token of the Discord bot; switches the channel on.' },
  DISCORD_ALLOWED_USERS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Discord user ids that may talk to the assistant.',
  },
  DISCORD_API_ROOT: {
    kind: 'url',
    default: 'https://discord.com/api',
    credential: 'DISCORD_BOT_TOKEN',
    sensitive: true,
    description: 'Address of the Discord API.',
  },
  DISCORD_ALLOWED_GUILDS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description:
      'Discord server ids in which the assistant listens; all of them when empty. It answers people it knows.',
  },
  DISCORD_ALLOWED_CHANNELS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Discord channel ids in which the assistant answers everybody who mentions it.',
  },
  SLACK_BOT_TOKEN: { kind: 'text', secret: true, description: 'Bot token of the Slack app; switches the channel on.' },
  SLACK_APP_TOKEN: { kind: 'text', secret: true, description: 'App token of the Slack app, for Socket Mode.' },
  SLACK_ALLOWED_USERS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Slack user ids that may talk to the assistant.',
  },
  SLACK_API_ROOT: {
    kind: 'url',
    default: 'https://slack.com/api',
    credential: 'SLACK_BOT_TOKEN',
    sensitive: true,
    description: 'Address of the Slack Web API.',
  },
  SLACK_ALLOWED_CHANNELS: {
    kind: 'list',
    default: [],
    sensitive: true,
    description: 'Slack channel ids in which the assistant answers everybody who mentions it.',
  },
} as const satisfies SettingTable;
