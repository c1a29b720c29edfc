/** Owns the seam between the chat platforms and the one way in: what takes messages in, and what runs their turns and sends the answers. */
import type { ChannelInbox, ChannelName } from '../core/conversations/channel-messages.ts';
import type { Platforms } from '../core/conversations/open-platforms.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { FAMILIES } from '../core/kernel/metric-families.ts';
import type { Channel } from './channels/channel.ts';
import { Delivery } from './delivery.ts';
import { Drafts } from './drafts.ts';
import { Typing } from './typing.ts';

/** A channel that has been connected, by its name; undefined while it is not. */
export type FindChannel = (name: ChannelName) => Channel | undefined;

export interface Pipeline {
  readonly inbox: ChannelInbox;
  /** Goes on with everything that is pending, and runs until `stop`. */
  start(channels: FindChannel): Promise<void>;
  /** A channel is connected: what waited for it goes out. */
  connected(name: ChannelName): Promise<void>;
  /** Lets what runs end or reach its next stored step and sends what is ready, for at most `deadlineMs` milliseconds. */
  stop(deadlineMs: number): Promise<void>;
}

/** How often messages that another process stored are looked for, in milliseconds. */
const LOOK_MS = 1_000;
/** One in so many looks is made although nobody else wrote. */
const LOOKS_IN_ANY_CASE = 30;
/** Part of the time to stop that is kept for sending what the last turns said, in milliseconds. */
const FLUSH_MS = 2_000;

export async function createPipeline(app: App, log: Log): Promise<Pipeline> {
  const { clock } = app;
  let find: FindChannel = () => undefined;
  const channel: FindChannel = (name) => find(name);
  const typing = new Typing(clock, channel);
  const store = await app.store();
  const drafts = new Drafts(store, channel);
  const tried = (name: string, state: string): void => app.meters.add(FAMILIES.deliveries, { channel: name, state });
  const delivery = new Delivery({ store, clock, log, channel, drafts, tried });
  const platforms = await app.platforms({
    fetchAttachment: (name, attachment, maxBytes, signal) =>
      running(channel, name).fetchAttachment(attachment, maxBytes, signal),
    observer: {
      onActivity: (to, isActive) => (isActive ? typing.begin(to) : typing.end(to)),
      onOutbox: () => delivery.wake(),
      ...(app.settings.get('STREAM_EDITS') ? { onDraft: (id: string, text: string) => drafts.show(id, text) } : {}),
    },
  });
  const stopped = new AbortController();
  const scheduler = await (await app.tasks()).scheduler(() => delivery.wake());
  return {
    inbox: platforms.inbox,
    async start(channels) {
      find = channels;
      delivery.start();
      await platforms.start();
      void look(app, platforms, stopped.signal);
      scheduler.start();
    },
    async connected(name) {
      await store.outbox.platformIsBack(name, clock.now());
      delivery.wake();
    },
    async stop(deadlineMs) {
      const end = clock.elapsed() + deadlineMs;
      stopped.abort(new Error('the server stops'));
      const graceMs = Math.max(0, deadlineMs - FLUSH_MS);
      const [left] = await Promise.all([platforms.stop(graceMs), scheduler.stop(graceMs)]);
      if (left > 0) log.warn({ turns: left }, 'unfinished turns go on at the next start');
      typing.stop();
      await delivery.stop(Math.max(0, end - clock.elapsed()));
    },
  };
}

function running(find: FindChannel, name: ChannelName): Channel {
  const channel = find(name);
  if (channel === undefined) throw new ClawError('upstream-failed', `${name} is not connected`);
  return channel;
}

/** Looks when another process has written, and every now and then in any case. */
async function look({ clock, store }: App, platforms: Platforms, signal: AbortSignal): Promise<void> {
  const { changeMark } = await store();
  let seen: number | undefined;
  for (let looks = 0; !signal.aborted; looks += 1) {
    await clock.sleep(LOOK_MS, signal).catch(() => {});
    if (signal.aborted) return;
    const mark = changeMark();
    if (mark === seen && looks % LOOKS_IN_ANY_CASE !== 0) continue;
    seen = mark;
    await platforms.look().catch(() => {});
  }
}
