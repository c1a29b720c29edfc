/** Owns names that Slack's events leave out: of people, of channels, and the first message of a thread. A lookup that fails costs a name, never a message. */
import { z } from 'zod';
import type { Clock } from '../../core/kernel/clock.ts';
import type { SlackApi, SlackArguments } from './slack-api.ts';

export interface ThreadParent {
  readonly user: string | undefined;
  readonly botId: string | undefined;
  /** As Slack writes it. */
  readonly text: string;
}

export interface SlackLookups {
  user(id: string): Promise<string | undefined>;
  channel(id: string): Promise<string | undefined>;
  parent(channel: string, threadTs: string): Promise<ThreadParent | undefined>;
}

const USER = z.looseObject({
  user: z.looseObject({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.looseObject({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});
const CHANNEL = z.looseObject({ channel: z.looseObject({ name: z.string().optional() }) });
const REPLIES = z.looseObject({
  messages: z.array(
    z.looseObject({
      ts: z.string(),
      user: z.string().optional(),
      bot_id: z.string().optional(),
      text: z.string().default(''),
    }),
  ),
});

const KNOWN_MS = 60 * 60_000;
const UNKNOWN_MS = 60_000;
const MAX_ENTRIES = 1000;

export function createLookups(api: SlackApi, clock: Clock, signal: AbortSignal): SlackLookups {
  const ask = async <Shape extends z.ZodType>(method: string, args: SlackArguments, shape: Shape) =>
    api.call(method, args, shape, { signal });
  const users = cached(clock, async (id) => {
    const { user } = await ask('users.info', { user: id }, USER);
    const { profile } = user;
    return [profile?.display_name, profile?.real_name, user.real_name, user.name].find((name) => name);
  });
  const channels = cached(
    clock,
    async (id) => (await ask('conversations.info', { channel: id }, CHANNEL)).channel.name,
  );
  const parents = cached<ThreadParent>(clock, async (key) => {
    const [channel = '', ts = ''] = key.split(' ');
    const args = { channel, ts, latest: ts, inclusive: true, limit: 1 };
    const { messages } = await ask('conversations.replies', args, REPLIES);
    const parent = messages.find((message) => message.ts === ts);
    return parent && { user: parent.user, botId: parent.bot_id, text: parent.text };
  });
  return { user: users, channel: channels, parent: async (channel, ts) => parents(`${channel} ${ts}`) };
}

/** Remembers what `load` said for an hour, that it failed for a minute, and asks once for many who ask together. */
function cached<Value>(
  clock: Clock,
  load: (key: string) => Promise<Value | undefined>,
): (key: string) => Promise<Value | undefined> {
  const entries = new Map<string, { until: number; readonly value: Promise<Value | undefined> }>();
  return async (key) => {
    const known = entries.get(key);
    if (known !== undefined && known.until > clock.elapsed()) return known.value;
    const entry = { until: clock.elapsed() + KNOWN_MS, value: load(key).catch(() => undefined) };
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    const value = await entry.value;
    if (value === undefined) entry.until = clock.elapsed() + UNKNOWN_MS;
    return value;
  };
}
