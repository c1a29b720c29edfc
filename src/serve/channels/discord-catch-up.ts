/** Owns what was said while a session was gone: a resume replays it, a new session does not, so the history of known channels is read. */
import { DeliveryError } from '../../core/conversations/channel-messages.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import type { DiscordApi } from './discord-api.ts';
import type { SeenChannel } from './discord-places.ts';
import { channelShape, type DiscordMessage, messageListShape } from './discord-shapes.ts';
import { isYounger } from './discord-text.ts';

const PAGE = 100;
/** 1,000 messages of one channel; older ones of a longer absence are left out, and said. */
const MAX_PAGES = 10;
const MAX_TRIES = 5;
/** Channels that are read, the youngest first: each costs a request, and what people say now waits for it. */
const MAX_CHANNELS = 100;

interface CatchUpDeps {
  readonly api: DiscordApi;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Takes one message, in order. */
  readonly take: (message: DiscordMessage) => Promise<void>;
}

/** Hands in what came after `lastId` of each channel. A channel that cannot be read is logged and left. */
export async function catchUp(deps: CatchUpDeps, channels: readonly SeenChannel[]): Promise<void> {
  const youngest = channels.toSorted((a, b) => (isYounger(a.lastId, b.lastId) ? -1 : 1));
  if (youngest.length > MAX_CHANNELS) {
    deps.log.warn({ left_out: youngest.length - MAX_CHANNELS }, 'not every channel of Discord is read again');
  }
  for (const channel of youngest.slice(0, MAX_CHANNELS)) {
    if (deps.signal.aborted) return;
    await withRetries(deps, channel).catch((error: unknown) =>
      deps.log.warn({ chat: `dc:${channel.channelId}`, error: toError(error).message }, 'channel not read again'),
    );
  }
}

/** What cannot be read now is tried again, since a younger message of the channel hides the gap for ever. */
async function withRetries(deps: CatchUpDeps, channel: SeenChannel): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await catchUpOne(deps, channel);
    } catch (error) {
      const isPassing = error instanceof DeliveryError && error.kind !== 'rejected';
      if (!isPassing || tries === MAX_TRIES) throw error;
      await deps.clock.sleep(Math.max(error.retryAfterMs ?? 0, 500 * 2 ** tries), deps.signal);
    }
  }
}

async function catchUpOne({ api, log, signal, take }: CatchUpDeps, seen: SeenChannel): Promise<void> {
  // Messages of the history do not say to which server they belong.
  const guildId =
    seen.guildId ?? channelShape.parse(await api.call('GET', `/channels/${seen.channelId}`, { signal })).guild_id;
  let after = seen.lastId;
  let count = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const path = `/channels/${seen.channelId}/messages?after=${after}&limit=${PAGE}`;
    const messages = messageListShape.parse(await api.call('GET', path, { signal }));
    for (const message of messages.toSorted((a, b) => (isYounger(a.id, b.id) ? 1 : -1))) {
      await take(guildId === undefined ? message : { ...message, guild_id: guildId });
      after = message.id;
      count += 1;
    }
    if (messages.length < PAGE) {
      if (count > 0) log.info({ chat: `dc:${seen.channelId}`, count }, 'messages of Discord caught up');
      return;
    }
  }
  log.warn({ chat: `dc:${seen.channelId}`, count }, 'more was said than is read again');
}
