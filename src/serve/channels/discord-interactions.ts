/** Owns slash commands and buttons of Discord (https://docs.discord.com/developers/interactions/receiving-and-responding): what is offered, how a use becomes a message or a press, and the answer that only the person sees. */
import type { ChannelInbox } from '../../core/conversations/channel-messages.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import type { DiscordApi } from './discord-api.ts';
import type { DiscordInteraction } from './discord-shapes.ts';
import { instantOf, senderOf } from './discord-text.ts';
import { NO_PINGS } from './discord-send.ts';

export const COMMANDS = [
  { name: 'help', description: 'What the assistant can do here', type: 1 },
  { name: 'reset', description: 'Begin a new conversation', type: 1 },
  { name: 'usage', description: 'What this conversation has used', type: 1 },
  { name: 'stop', description: 'Stop the answer that is being written', type: 1 },
] as const;

export interface InteractionDeps {
  readonly api: DiscordApi;
  readonly clock: Clock;
  readonly applicationId: string;
  readonly selfId: string;
  readonly channelTitle: (id: string) => string | undefined;
}

/** Flag of a message that only the person sees. */
const EPHEMERAL = 64;
/** Milliseconds a press may take before Discord is told to wait; it gives up after 3 s. */
const DEFER_AFTER_MS = 2000;

/** Hands the interaction in. Resolves once it is stored, with the answer to the person that is still to be sent; undefined for kinds claw does not use. */
export async function takeInteraction(
  deps: InteractionDeps,
  inbox: ChannelInbox,
  interaction: DiscordInteraction,
): Promise<(() => Promise<void>) | undefined> {
  const user = interaction.member?.user ?? interaction.user;
  if (user === undefined || interaction.channel_id === undefined) return undefined;
  const sender = senderOf(user, interaction.member?.nick, deps.selfId);
  const chat = `dc:${interaction.channel_id}`;
  const { data } = interaction;
  if (interaction.type === 2 && data?.name !== undefined) {
    const text = data.options.map(({ value }) => String(value ?? '')).join(' ');
    const title = interaction.guild_id === undefined ? sender.name : deps.channelTitle(interaction.channel_id);
    await inbox.message({
      channel: 'discord',
      chat,
      ...(title === undefined ? {} : { chatTitle: title }),
      isDirect: interaction.guild_id === undefined,
      ...(interaction.guild_id === undefined ? {} : { space: interaction.guild_id }),
      externalId: interaction.id,
      sender,
      text: `/${data.name}${text === '' ? '' : ` ${text}`}`,
      isMention: true,
      attachments: [],
      command: { name: data.name, text },
      sentAt: /^\d{17,20}$/.test(interaction.id) ? instantOf(interaction.id) : deps.clock.now(),
    });
    return () => respond(deps.api, interaction, 'ok');
  }
  if (interaction.type === 3 && data?.custom_id !== undefined) {
    // A press is not worth a second try: the person sees that it failed and can press again.
    const pressed = inbox
      .pressed({ channel: 'discord', chat, sender, value: data.custom_id })
      .catch(() => 'That did not work. Please press again.');
    const defer = new AbortController();
    const isLate = deps.clock.sleep(DEFER_AFTER_MS, defer.signal).then(
      () => true,
      () => false,
    );
    const isInTime = pressed.then(() => false);
    if (await Promise.race([isInTime, isLate])) {
      await callback(deps.api, interaction, { type: 5, data: { flags: EPHEMERAL } }).catch(() => {});
      const text = await pressed;
      return () => fillIn(deps, interaction, text);
    }
    defer.abort();
    const text = await pressed;
    return () => respond(deps.api, interaction, text);
  }
  return undefined;
}

async function respond(api: DiscordApi, interaction: DiscordInteraction, content: string): Promise<void> {
  await callback(api, interaction, { type: 4, data: { content, flags: EPHEMERAL, allowed_mentions: NO_PINGS } });
}

async function callback(api: DiscordApi, { id, token }: DiscordInteraction, body: unknown): Promise<void> {
  await api.call('POST', `/interactions/${encodeURIComponent(id)}/${encodeURIComponent(token)}/callback`, { body });
}

async function fillIn(deps: InteractionDeps, interaction: DiscordInteraction, content: string): Promise<void> {
  const application = interaction.application_id ?? deps.applicationId;
  const path = `/webhooks/${encodeURIComponent(application)}/${encodeURIComponent(interaction.token)}/messages/@original`;
  await deps.api.call('PATCH', path, { body: { content, allowed_mentions: NO_PINGS } });
}
