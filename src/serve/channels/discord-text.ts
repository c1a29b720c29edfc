/** Owns what Discord's messages say: its tokens made readable, its objects turned into the common vocabulary. Pure but for the names it was told. */
import type { IncomingMessage, QuotedMessage, Sender } from '../../core/conversations/channel-messages.ts';
import type { DiscordMessage, DiscordUser } from './discord-shapes.ts';

/** What is known of the platform besides a message. */
export interface DiscordNames {
  readonly selfId: string;
  /** Name the assistant answers to; stands where it was mentioned. */
  readonly assistantName: string;
  readonly channelTitle: (id: string) => string | undefined;
  readonly channelName: (id: string) => string | undefined;
  readonly role: (id: string) => { readonly name: string; readonly botId?: string } | undefined;
}

type Tokens = Pick<DiscordMessage, 'mentions'>;

/** Replaces `<@1>`, `<@&1>`, `<#1>`, `</help:1>`, `<:smile:1>` and `<t:1:R>` by words: https://docs.discord.com/developers/reference#message-formatting */
export function readableText(text: string, { mentions }: Tokens, names: DiscordNames): string {
  return text
    .replace(/<@!?(\w+)>/g, (_, id: string) => {
      if (id === names.selfId) return `@${names.assistantName}`;
      const known = mentions.find((mentioned) => mentioned.id === id);
      return known === undefined ? '@someone' : `@${nameOf(known, known.member?.nick)}`;
    })
    .replace(/<@&(\w+)>/g, (_, id: string) => {
      const role = names.role(id);
      return role?.botId === names.selfId ? `@${names.assistantName}` : `@${role?.name ?? 'role'}`;
    })
    .replace(/<#(\w+)>/g, (_, id: string) => `#${names.channelName(id) ?? 'channel'}`)
    .replace(/<\/([^:<>]{1,100}):\d+>/g, '/$1')
    .replace(/<a?(:\w{1,64}:)\d+>/g, '$1')
    .replace(/<t:(-?\d{1,12})(?::[tTdDfFR])?>/g, (_, seconds: string) => instantText(Number(seconds) * 1000));
}

function instantText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'a time' : date.toISOString();
}

function nameOf(user: DiscordUser, nick?: string | null): string {
  return nick ?? user.global_name ?? user.username;
}

export function senderOf(
  user: DiscordUser,
  nick: string | null | undefined,
  selfId: string,
  isWebhook = false,
): Sender {
  return { id: user.id, name: nameOf(user, nick), isBot: user.bot === true || isWebhook, isSelf: user.id === selfId };
}

/** Words of a person: 0 is a message, 19 a reply. The others (joins, pins, thread starts, answers to commands) are Discord's own. */
export function isSaid(message: DiscordMessage): boolean {
  return message.type === 0 || message.type === 19;
}

export function toIncoming(message: DiscordMessage, names: DiscordNames): IncomingMessage {
  const title = message.guild_id === undefined ? nameOf(message.author) : names.channelTitle(message.channel_id);
  const quoted = quotedOf(message, names);
  return {
    channel: 'discord',
    chat: `dc:${message.channel_id}`,
    ...(title === undefined ? {} : { chatTitle: title }),
    isDirect: message.guild_id === undefined,
    ...(message.guild_id === undefined ? {} : { space: message.guild_id }),
    externalId: message.id,
    sender: senderOf(message.author, message.member?.nick, names.selfId, message.webhook_id !== undefined),
    text: wordsOf(message, names),
    isMention: isMention(message, names),
    ...(quoted === undefined ? {} : { replyTo: quoted }),
    attachments: attachmentsOf(message),
    sentAt: sentAtOf(message),
  };
}

/** The words, those of a forwarded message, and the names of stickers. */
function wordsOf(message: DiscordMessage, names: DiscordNames): string {
  const forwarded = message.message_snapshots.map(({ message: inner }) => inner.content);
  const stickers = message.sticker_items.map(({ name }) => `[sticker: ${name}]`);
  const text = [message.content, ...forwarded, ...stickers].filter((part) => part !== '').join('\n');
  return readableText(text, message, names);
}

function attachmentsOf(message: DiscordMessage): IncomingMessage['attachments'] {
  const forwarded = message.message_snapshots.flatMap(({ message: inner }) => inner.attachments);
  return [...message.attachments, ...forwarded].map((file) => ({
    ref: file.url,
    name: file.filename,
    mediaType: file.content_type ?? 'application/octet-stream',
    ...(file.size === undefined ? {} : { size: file.size }),
  }));
}

/** By its id, or by the role that Discord makes for a bot: clients offer both under the same name. */
function isMention(message: DiscordMessage, names: DiscordNames): boolean {
  const { content } = message;
  if (content.includes(`<@${names.selfId}>`) || content.includes(`<@!${names.selfId}>`)) return true;
  return [...content.matchAll(/<@&(\w+)>/g)].some(([, id]) => names.role(id ?? '')?.botId === names.selfId);
}

function quotedOf(message: DiscordMessage, names: DiscordNames): QuotedMessage | undefined {
  const quoted = message.referenced_message;
  if (quoted == null) return undefined;
  return {
    externalId: quoted.id,
    author: quoted.author.id === names.selfId ? names.assistantName : nameOf(quoted.author, quoted.member?.nick),
    text: readableText(quoted.content, quoted, names),
    isOwn: quoted.author.id === names.selfId,
  };
}

const DISCORD_EPOCH_MS = 1_420_070_400_000;

/** Milliseconds UTC of the instant in an id: https://docs.discord.com/developers/reference#snowflakes */
export function instantOf(id: string): number {
  return /^\d{1,20}$/.test(id) ? Number(BigInt(id) >> 22n) + DISCORD_EPOCH_MS : DISCORD_EPOCH_MS;
}

/** The smallest id of an instant, for asking what came after it. */
export function idAt(ms: number): string {
  return (BigInt(Math.max(0, Math.floor(ms) - DISCORD_EPOCH_MS)) << 22n).toString();
}

/** Whether an id is younger than another; ids are numbers of up to 20 digits. */
export function isYounger(id: string, than: string): boolean {
  return id.length === than.length ? id > than : id.length > than.length;
}

function sentAtOf(message: DiscordMessage): number {
  const stated = Date.parse(message.timestamp);
  return Number.isNaN(stated) ? instantOf(message.id) : stated;
}
