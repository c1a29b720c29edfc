/** Owns the Discord adapter: joins the gateway, the HTTP API and the common vocabulary. Translates only; must not decide who is answered, nor try a send again. */
import type { ChannelInbox } from '../../core/conversations/channel-messages.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Channel, ChannelContext } from './channel.ts';
import { asClawError, createDiscordApi, type DiscordApi, discordRoot } from './discord-api.ts';
import { downloadAttachment } from './discord-attachment.ts';
import { catchUp } from './discord-catch-up.ts';
import { createGateway, type DispatchEvent, type Gateway } from './discord-gateway.ts';
import { COMMANDS, takeInteraction } from './discord-interactions.ts';
import { DiscordPlaces } from './discord-places.ts';
import { channelIdOf, findMessage, NO_PINGS, sendMessage } from './discord-send.ts';
import {
  type DiscordMessage,
  type DiscordReady,
  gatewayBotShape,
  interactionShape,
  messageDeleteBulkShape,
  messageDeleteShape,
  messageShape,
  messageUpdateShape,
  userShape,
} from './discord-shapes.ts';
import { type DiscordNames, isSaid, readableText, toIncoming } from './discord-text.ts';

/** Makes the adapter of `DISCORD_BOT_TOKEN`. Throws `auth-missing` without it. */
export async function createDiscordChannel(context: ChannelContext): Promise<Channel> {
  const token = ((await context.secret('DISCORD_BOT_TOKEN')) ?? '').trim().replace(/^Bot /, '');
  if (token === '') {
    throw new ClawError('auth-missing', 'DISCORD_BOT_TOKEN is not set.', {
      hint: 'Set it: claw secret set DISCORD_BOT_TOKEN',
    });
  }
  const root = discordRoot(context.settings.get('DISCORD_API_ROOT'));
  return new DiscordChannel(context, token, createDiscordApi({ root, token, clock: context.clock }));
}

class DiscordChannel implements Channel {
  readonly name = 'discord';
  readonly takesNonce = true;
  readonly #context: ChannelContext;
  readonly #token: string;
  readonly #api: DiscordApi;
  readonly #places = new DiscordPlaces();
  readonly #closing = new AbortController();
  readonly #answers = new Set<Promise<void>>();
  #gateway: Gateway | undefined;
  #account: string | undefined;
  #selfId = '';
  #applicationId = '';

  constructor(context: ChannelContext, token: string, api: DiscordApi) {
    this.#context = context;
    this.#token = token;
    this.#api = api;
  }

  async start(inbox: ChannelInbox): Promise<void> {
    this.#gateway = createGateway({
      token: this.#token,
      address: () => this.#gatewayAddress(),
      onReady: (ready, isFirst) => this.#onReady(ready, isFirst, inbox),
      onEvent: (event) => this.#onEvent(event, inbox),
      clock: this.#context.clock,
      log: this.#context.log,
    });
    await this.#gateway.connect();
  }

  async stopIntake(): Promise<void> {
    this.#closing.abort();
    await this.#gateway?.stop();
  }

  async close(): Promise<void> {
    await this.stopIntake();
    await Promise.allSettled(this.#answers);
  }

  status(): ReturnType<Channel['status']> {
    const state = this.#gateway?.state() ?? { state: 'stopped' as const };
    const shown = this.#closing.signal.aborted ? { state: 'stopped' as const } : state;
    return { ...shown, ...(this.#account === undefined ? {} : { account: this.#account }) };
  }

  async test(signal: AbortSignal): Promise<{ readonly account: string }> {
    try {
      return { account: userShape.parse(await this.#api.call('GET', '/users/@me', { signal })).username };
    } catch (error) {
      throw asClawError(error);
    }
  }

  async send(message: Parameters<Channel['send']>[0], signal: AbortSignal): Promise<{ readonly externalId: string }> {
    return { externalId: await sendMessage(this.#api, message, signal) };
  }

  async findSent(message: Parameters<Channel['send']>[0], signal: AbortSignal): Promise<string | undefined> {
    if (this.#selfId === '') this.#selfId = userShape.parse(await this.#api.call('GET', '/users/@me', { signal })).id;
    return findMessage(this.#api, message, this.#selfId, signal);
  }

  async edit(chat: string, externalId: string, text: string, signal: AbortSignal): Promise<void> {
    const path = `/channels/${channelIdOf(chat)}/messages/${encodeURIComponent(externalId)}`;
    await this.#api.call('PATCH', path, { body: { content: text, allowed_mentions: NO_PINGS }, signal });
  }

  async typing(chat: string): Promise<void> {
    await this.#api.call('POST', `/channels/${channelIdOf(chat)}/typing`).catch((error: unknown) => {
      this.#context.log.debug({ error: toError(error).message }, 'typing not shown');
    });
  }

  async fetchAttachment(
    attachment: Parameters<Channel['fetchAttachment']>[0],
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    return downloadAttachment(attachment, { root: this.#api.root, maxBytes, signal });
  }

  async #gatewayAddress(): Promise<string> {
    const answer = await this.#api
      .call('GET', '/gateway/bot', { signal: this.#closing.signal })
      .catch((error: unknown) => {
        throw asClawError(error);
      });
    const read = gatewayBotShape.safeParse(answer);
    if (!read.success) throw new ClawError('upstream-failed', 'Discord did not say where its gateway is.');
    const limit = read.data.session_start_limit;
    if (limit !== undefined && limit.remaining <= 0) {
      throw new ClawError('upstream-rate-limited', 'Discord allows no new session of the bot for now.', {
        hint: `The limit ends in ${Math.ceil(limit.reset_after / 60_000)} minutes.`,
      });
    }
    return read.data.url;
  }

  async #onReady(ready: DiscordReady, isFirst: boolean, inbox: ChannelInbox): Promise<void> {
    this.#selfId = ready.user.id;
    this.#account = ready.user.username;
    this.#applicationId = ready.application?.id ?? ready.user.id;
    const { clock, log, lastMessages } = this.#context;
    if (isFirst) this.#inBackground(this.#registerCommands());
    const stored = isFirst && lastMessages !== undefined ? await lastMessages(this.name) : [];
    for (const { chat, lastId } of stored) {
      if (/^dc:\w+$/.test(chat)) this.#places.saw({ channelId: chat.slice(3), lastId });
    }
    const take = (message: DiscordMessage): Promise<void> => this.#onMessage(message, inbox);
    await catchUp({ api: this.#api, clock, log, signal: this.#closing.signal, take }, this.#places.seen());
  }

  async #registerCommands(): Promise<void> {
    await this.#api.call('PUT', `/applications/${this.#applicationId}/commands`, { body: COMMANDS });
  }

  #inBackground(work: Promise<void>): void {
    const answer = work
      .catch((error: unknown) => this.#context.log.warn({ error: toError(error).message }, 'Discord was not answered'))
      .finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }

  async #onEvent({ type, data }: DispatchEvent, inbox: ChannelInbox): Promise<void> {
    switch (type) {
      case 'MESSAGE_CREATE':
        return this.#read(messageShape, type, data, (message) => this.#onMessage(message, inbox));
      case 'MESSAGE_UPDATE':
        return this.#read(messageUpdateShape, type, data, async (update) => {
          // Without this instant it is Discord that changed it: a preview of a link.
          if (update.edited_timestamp == null || update.content === undefined) return;
          if (update.author?.id === this.#selfId) return;
          const text = readableText(update.content, update, this.#names());
          await inbox.edited({ channel: 'discord', chat: `dc:${update.channel_id}`, externalId: update.id, text });
        });
      case 'MESSAGE_DELETE':
        return this.#read(messageDeleteShape, type, data, ({ id, channel_id: channelId }) =>
          inbox.deleted({ channel: 'discord', chat: `dc:${channelId}`, externalId: id }),
        );
      case 'MESSAGE_DELETE_BULK':
        return this.#read(messageDeleteBulkShape, type, data, async ({ ids, channel_id: channelId }) => {
          for (const id of ids) await inbox.deleted({ channel: 'discord', chat: `dc:${channelId}`, externalId: id });
        });
      case 'INTERACTION_CREATE':
        return this.#read(interactionShape, type, data, async (interaction) => {
          const answer = await takeInteraction(
            {
              api: this.#api,
              clock: this.#context.clock,
              applicationId: this.#applicationId,
              selfId: this.#selfId,
              channelTitle: (id) => this.#places.channelTitle(id),
            },
            inbox,
            interaction,
          );
          if (answer !== undefined) this.#inBackground(answer());
        });
      default:
        this.#places.learn(type, data);
    }
  }

  /** An event that is not as documented is logged by its kind and left: handing it in again would not help. */
  async #read<Value>(
    shape: { safeParse(data: unknown): { success: true; data: Value } | { success: false } },
    type: string,
    data: unknown,
    take: (value: Value) => Promise<void>,
  ): Promise<void> {
    const read = shape.safeParse(data);
    if (read.success) await take(read.data);
    else this.#context.log.warn({ type }, 'unreadable event of Discord');
  }

  async #onMessage(message: DiscordMessage, inbox: ChannelInbox): Promise<void> {
    if (isSaid(message)) await inbox.message(toIncoming(message, this.#names()));
    const guildId = message.guild_id;
    this.#places.saw({
      channelId: message.channel_id,
      lastId: message.id,
      ...(guildId === undefined ? {} : { guildId }),
    });
  }

  #names(): DiscordNames {
    return {
      selfId: this.#selfId,
      assistantName: this.#context.settings.get('ASSISTANT_NAME'),
      channelTitle: (id) => this.#places.channelTitle(id),
      channelName: (id) => this.#places.channelName(id),
      role: (id) => this.#places.role(id),
    };
  }
}
