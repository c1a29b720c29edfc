/** Owns the shapes of Discord's objects, as far as claw reads them (https://docs.discord.com/developers/resources/message). Lenient: what is missing or odd besides is not an error. */
import { z } from 'zod';

const user = z.object({
  id: z.string(),
  username: z.string().catch('unknown'),
  global_name: z.string().nullish().catch(null),
  bot: z.boolean().optional().catch(false),
});
export type DiscordUser = z.output<typeof user>;

const member = z
  .object({ nick: z.string().nullish().catch(null) })
  .optional()
  .catch(undefined);

const attachment = z.object({
  url: z.string(),
  filename: z.string().catch('file'),
  content_type: z.string().optional().catch(undefined),
  size: z.number().optional().catch(undefined),
});

const snapshot = z.object({
  message: z.object({ content: z.string().catch(''), attachments: z.array(attachment).catch([]) }),
});

const messageFields = z.object({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  author: user,
  member,
  content: z.string().catch(''),
  timestamp: z.string().catch(''),
  edited_timestamp: z.string().nullish().catch(null),
  type: z.number().catch(0),
  mentions: z.array(user.extend({ member })).catch([]),
  mention_roles: z.array(z.string()).catch([]),
  attachments: z.array(attachment).catch([]),
  sticker_items: z.array(z.object({ name: z.string() })).catch([]),
  message_snapshots: z.array(snapshot).catch([]),
  message_reference: z.object({ message_id: z.string().optional() }).optional().catch(undefined),
  webhook_id: z.string().optional(),
  nonce: z.union([z.string(), z.number()]).optional().catch(undefined),
});

export const messageShape = messageFields.extend({
  referenced_message: messageFields.nullish().catch(null),
});
export type DiscordMessage = z.output<typeof messageShape>;

/** An update may be a part of the message: https://docs.discord.com/developers/events/gateway-events#message-update */
export const messageUpdateShape = messageFields
  .pick({ id: true, channel_id: true, edited_timestamp: true, mentions: true, mention_roles: true, guild_id: true })
  .extend({ content: z.string().optional(), author: user.optional() });

export const messageDeleteShape = z.object({ id: z.string(), channel_id: z.string() });
export const messageDeleteBulkShape = z.object({ ids: z.array(z.string()), channel_id: z.string() });

const option = z.object({ value: z.union([z.string(), z.number(), z.boolean()]).optional() });

export const interactionShape = z.object({
  id: z.string(),
  application_id: z.string().optional(),
  token: z.string(),
  type: z.number(),
  channel_id: z.string().optional(),
  guild_id: z.string().optional(),
  member: z.object({ user, nick: z.string().nullish().catch(null) }).optional(),
  user: user.optional(),
  data: z
    .object({ name: z.string().optional(), custom_id: z.string().optional(), options: z.array(option).catch([]) })
    .optional(),
});
export type DiscordInteraction = z.output<typeof interactionShape>;

export const readyShape = z.object({
  session_id: z.string(),
  resume_gateway_url: z.string().optional().catch(undefined),
  user,
  application: z.object({ id: z.string() }).optional().catch(undefined),
});
export type DiscordReady = z.output<typeof readyShape>;

const channelFields = z.object({
  id: z.string(),
  name: z.string().nullish().catch(null),
  guild_id: z.string().optional().catch(undefined),
  last_message_id: z.string().nullish().catch(null),
});
export const channelShape = channelFields;
export type DiscordChannelObject = z.output<typeof channelFields>;

const role = z.object({
  id: z.string(),
  name: z.string().catch('role'),
  tags: z.object({ bot_id: z.string().optional() }).optional().catch(undefined),
});

export const guildShape = z.object({
  id: z.string(),
  name: z.string().catch(''),
  channels: z.array(channelFields).catch([]),
  threads: z.array(channelFields).catch([]),
  roles: z.array(role).catch([]),
});
export type DiscordGuild = z.output<typeof guildShape>;
export const roleChangeShape = z.object({ guild_id: z.string(), role });

export const gatewayBotShape = z.object({
  url: z.url(),
  session_start_limit: z.object({ remaining: z.number(), reset_after: z.number() }).optional().catch(undefined),
});
export const userShape = user;
export const messageListShape = z.array(messageShape);
export const createdShape = z.object({ id: z.string() });
