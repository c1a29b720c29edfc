/** Owns how Slack's events become the vocabulary of conversations. It translates and decides nothing. Source: https://docs.slack.dev/reference/events/message */
import { z } from 'zod';
import type { IncomingAttachment, IncomingMessage, QuotedMessage } from '../../core/conversations/channel-messages.ts';
import type { SlackLookups, ThreadParent } from './slack-lookups.ts';
import { mentions, type NameLookups, readSlackText } from './slack-text.ts';

/** Who the assistant is on Slack. */
export interface SlackSelf {
  readonly userId: string;
  readonly botId: string | undefined;
  readonly name: string;
  readonly teamId: string;
}

export interface EventDeps {
  readonly self: SlackSelf;
  readonly lookups: SlackLookups;
}

export type SlackChange =
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  | { readonly kind: 'edited'; readonly chat: string; readonly externalId: string; readonly text: string }
  | { readonly kind: 'deleted'; readonly chat: string; readonly externalId: string };

const FILE = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().optional(),
  mode: z.string().optional(),
  url_private: z.string().optional(),
  url_private_download: z.string().optional(),
});

const POSTED = z.looseObject({
  type: z.string().optional(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  username: z.string().nullish(),
  bot_profile: z.looseObject({ name: z.string().optional() }).nullish(),
  text: z.string().nullish(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  parent_user_id: z.string().optional(),
  files: z.array(FILE).nullish(),
  attachments: z
    .array(
      z.looseObject({
        is_share: z.boolean().optional(),
        is_msg_unfurl: z.boolean().optional(),
        author_name: z.string().nullish(),
        text: z.string().nullish(),
      }),
    )
    .nullish(),
});
type Posted = z.output<typeof POSTED>;

const PLACE = { channel: z.string(), channel_type: z.string().optional() };
const MESSAGE = POSTED.extend(PLACE);
const CHANGED = z.looseObject({ ...PLACE, message: POSTED, previous_message: POSTED.partial().optional() });
const DELETED = z.looseObject({ ...PLACE, deleted_ts: z.string() });
const KIND = z.looseObject({ type: z.string(), subtype: z.string().optional() });

/** Subtypes that a person or a bot wrote; joins, topics, pins and the like are none of our business. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast', 'bot_message', 'me_message']);

export function chatOf(channel: string): string {
  return `slack:${channel}`;
}

/** What an event says; undefined for one that says nothing to us. */
export async function readEvent(event: unknown, teamId: string | undefined, deps: EventDeps) {
  const { data: kind } = KIND.safeParse(event);
  if (kind === undefined || (kind.type !== 'message' && kind.type !== 'app_mention')) return undefined;
  if (kind.subtype === 'message_changed') return readChange(event, deps);
  if (kind.subtype === 'message_deleted') return readDeletion(event);
  if (!WRITTEN.has(kind.subtype)) return undefined;
  return readMessage(event, teamId, deps);
}

async function readMessage(
  event: unknown,
  teamId: string | undefined,
  deps: EventDeps,
): Promise<SlackChange | undefined> {
  const { data } = MESSAGE.safeParse(event);
  if (data === undefined || (data.user === undefined && data.bot_id === undefined)) return undefined;
  const { self, lookups } = deps;
  const source = withShared(data);
  const isDirect = data.channel_type === undefined ? data.channel.startsWith('D') : data.channel_type === 'im';
  const isReply = data.thread_ts !== undefined && data.thread_ts !== data.ts;
  const names = namesFor(deps);
  const [text, name, chatTitle, replyTo] = await Promise.all([
    readSlackText(source, names),
    senderName(data, names),
    isDirect ? undefined : lookups.channel(data.channel),
    isReply ? quoteOf(data, deps) : undefined,
  ]);
  const message: IncomingMessage = {
    channel: 'slack',
    chat: chatOf(data.channel),
    ...(chatTitle === undefined ? {} : { chatTitle }),
    isDirect,
    space: teamId ?? self.teamId,
    externalId: data.ts,
    sender: {
      id: data.user ?? data.bot_id ?? '',
      name,
      isBot: data.bot_id !== undefined || data.subtype === 'bot_message',
      isSelf: isSelf(data, self),
    },
    text,
    isMention: data.type === 'app_mention' || mentions(data.text ?? '', self.userId),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(isReply && data.thread_ts !== undefined ? { thread: data.thread_ts } : {}),
    attachments: (data.files ?? []).flatMap(readFile),
    sentAt: millisecondsOf(data.ts),
  };
  return { kind: 'message', message };
}

/** The text, and below it the messages of others that were forwarded with it. */
function withShared({ text, attachments }: Posted): string {
  const shared = (attachments ?? []).flatMap((each) => {
    if ((each.is_share !== true && each.is_msg_unfurl !== true) || !each.text) return [];
    const author = each.author_name ? `${each.author_name}:\n` : '';
    return [`${author}${each.text}`.replaceAll(/^/gm, '&gt; ')];
  });
  return [text ?? '', ...shared].filter((part) => part !== '').join('\n\n');
}

/** Slack reports link previews, new replies and our own edits as changes too: only new words of somebody else count. */
async function readChange(event: unknown, deps: EventDeps): Promise<SlackChange | undefined> {
  const { data } = CHANGED.safeParse(event);
  if (data === undefined || isSelf(data.message, deps.self)) return undefined;
  const { message, previous_message: before } = data;
  const place = { chat: chatOf(data.channel), externalId: message.ts };
  // What is left of a deleted message that has replies.
  if (message.subtype === 'tombstone') return { kind: 'deleted', ...place };
  if (before?.text !== undefined && before.text === message.text) return undefined;
  return { kind: 'edited', ...place, text: await readSlackText(message.text ?? '', namesFor(deps)) };
}

function readDeletion(event: unknown): SlackChange | undefined {
  const { data } = DELETED.safeParse(event);
  return data && { kind: 'deleted', chat: chatOf(data.channel), externalId: data.deleted_ts };
}

/** The message that a thread began with: a reply in a thread of the assistant answers the assistant. */
async function quoteOf(
  data: Posted & { readonly channel: string },
  deps: EventDeps,
): Promise<QuotedMessage | undefined> {
  const { self, lookups } = deps;
  const ts = data.thread_ts ?? '';
  const parent: ThreadParent | undefined = await lookups.parent(data.channel, ts);
  const user = data.parent_user_id ?? parent?.user;
  if (user === undefined && parent?.botId === undefined) return undefined;
  const names = namesFor(deps);
  return {
    externalId: ts,
    author: user === undefined ? (parent?.botId ?? '') : await names.user(user),
    text: parent === undefined ? '' : await readSlackText(parent.text, names),
    isOwn: user === self.userId || (self.botId !== undefined && parent?.botId === self.botId),
  };
}

async function senderName(data: Posted, names: NameLookups): Promise<string> {
  const given = data.username ?? data.bot_profile?.name;
  if (given !== undefined && given !== '') return given;
  return data.user === undefined ? (data.bot_id ?? '') : names.user(data.user);
}

/** Names for texts: the assistant's own without asking, an id where Slack does not tell. */
export function namesFor({ self, lookups }: EventDeps): NameLookups {
  return {
    user: async (id) => (id === self.userId ? self.name : ((await lookups.user(id)) ?? id)),
    channel: lookups.channel,
  };
}

function isSelf(posted: Pick<Posted, 'user' | 'bot_id'>, self: SlackSelf): boolean {
  return posted.user === self.userId || (posted.bot_id !== undefined && posted.bot_id === self.botId);
}

/** Files that are gone or hidden by the plan of the workspace have nothing to fetch. */
function readFile(file: z.output<typeof FILE>): IncomingAttachment[] {
  if (file.mode === 'tombstone' || file.mode === 'hidden_by_limit') return [];
  return [
    {
      ref: file.url_private_download ?? file.url_private ?? `id:${file.id}`,
      name: file.name ?? file.id,
      mediaType: file.mimetype || 'application/octet-stream',
      ...(file.size === undefined ? {} : { size: file.size }),
    },
  ];
}

/** `1700000000.123456`: seconds, and a counter that makes it unique. */
function millisecondsOf(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}
