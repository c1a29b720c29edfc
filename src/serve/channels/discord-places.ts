/** Owns what is known of servers, their channels and roles, and which message was the last one seen in each channel. Memory only; bounded. */
import type { z } from 'zod';
import {
  type DiscordChannelObject,
  type DiscordGuild,
  guildShape,
  channelShape,
  roleChangeShape,
} from './discord-shapes.ts';
import { isYounger } from './discord-text.ts';

interface Role {
  readonly name: string;
  readonly botId?: string;
}

export interface SeenChannel {
  readonly channelId: string;
  readonly lastId: string;
  readonly guildId?: string;
}

/** Channels, and roles, that are remembered at most. */
const MAX_KNOWN = 20_000;
const MAX_SEEN = 2000;

export class DiscordPlaces {
  readonly #guilds = new Map<string, string>();
  readonly #channels = new Map<string, { readonly name: string; readonly guildId: string | undefined }>();
  readonly #roles = new Map<string, Role>();
  readonly #seen = new Map<string, SeenChannel>();

  channelName(id: string): string | undefined {
    return this.#channels.get(id)?.name;
  }

  /** `Server #channel`. */
  channelTitle(id: string): string | undefined {
    const channel = this.#channels.get(id);
    if (channel === undefined) return undefined;
    const guild = channel.guildId === undefined ? undefined : this.#guilds.get(channel.guildId);
    return guild === undefined ? `#${channel.name}` : `${guild} #${channel.name}`;
  }

  guildOf(channelId: string): string | undefined {
    return this.#channels.get(channelId)?.guildId ?? this.#seen.get(channelId)?.guildId;
  }

  role(id: string): Role | undefined {
    return this.#roles.get(id);
  }

  /** Takes an event about servers, channels, roles. What cannot be read is ignored: only names are lost. */
  learn(type: string, data: unknown): void {
    if (type === 'GUILD_CREATE' || type === 'GUILD_UPDATE') read(guildShape, data, (guild) => this.#learnGuild(guild));
    else if (/^(CHANNEL|THREAD)_(CREATE|UPDATE)$/.test(type))
      read(channelShape, data, (channel) => this.#learnChannel(channel));
    else if (/^GUILD_ROLE_(CREATE|UPDATE)$/.test(type))
      read(roleChangeShape, data, ({ role }) => this.#learnRole(role));
  }

  #learnGuild(guild: DiscordGuild): void {
    this.#guilds.set(guild.id, guild.name);
    for (const role of guild.roles) this.#learnRole(role);
    for (const channel of [...guild.channels, ...guild.threads]) this.#learnChannel({ ...channel, guild_id: guild.id });
  }

  #learnChannel({ id, name, guild_id: guildId }: DiscordChannelObject): void {
    if (name != null) setBounded(this.#channels, id, { name, guildId }, MAX_KNOWN);
  }

  #learnRole({ id, name, tags }: DiscordGuild['roles'][number]): void {
    const botId = tags?.bot_id;
    setBounded(this.#roles, id, botId === undefined ? { name } : { name, botId }, MAX_KNOWN);
  }

  /** Remembers the youngest message that was handed in of a channel. */
  saw(seen: SeenChannel): void {
    const before = this.#seen.get(seen.channelId);
    if (before !== undefined && !isYounger(seen.lastId, before.lastId)) return;
    this.#seen.delete(seen.channelId);
    setBounded(this.#seen, seen.channelId, seen, MAX_SEEN);
  }

  seen(): readonly SeenChannel[] {
    return [...this.#seen.values()];
  }
}

function read<Shape extends z.ZodType>(shape: Shape, data: unknown, take: (value: z.output<Shape>) => void): void {
  const result = shape.safeParse(data);
  if (result.success) take(result.data);
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
