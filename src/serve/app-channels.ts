/** Owns what the channels of an app are made from: the registry, its settings and its secrets. */
import type { App } from '../core/create-app.ts';
import type { Log } from '../core/kernel/log.ts';
import { planChannels, type PlannedChannel } from './channel-plan.ts';
import type { ChannelContext } from './channels/channel.ts';
import { CHANNELS } from './channels/registry.ts';

/** Which channels would start on this home, and why the others would not. Throws `usage-invalid` for a name in `only` that does not exist. */
export function appChannels(app: App, only: readonly string[] | undefined): Promise<readonly PlannedChannel[]> {
  return planChannels({ entries: CHANNELS, settings: app.settings, secret: secretsOf(app) }, only);
}

/** What adapters are made from, as the settings stand now. */
export function channelContext(app: App, log: Log): ChannelContext {
  return {
    settings: app.settings,
    secret: secretsOf(app),
    clock: app.clock,
    log,
    lastMessages: async (channel) =>
      (await (await app.store()).inbound.lastOfChats(channel)).map(({ chatId, externalId }) => ({
        chat: chatId,
        lastId: externalId,
      })),
  };
}

function secretsOf(app: App): (name: string) => Promise<string | undefined> {
  return async (name) => (await (await app.secrets()).resolve(name))?.value;
}
