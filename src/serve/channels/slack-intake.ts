/** Owns what is done with an envelope: translated, handed in, in the order of its chat. Promises: it resolves only when the inbox has stored it, and one thing that Slack sends twice is handed in once if this process remembers it. */
import { z } from 'zod';
import type { ChannelInbox } from '../../core/conversations/channel-messages.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { chatOf, type EventDeps, namesFor, readEvent } from './slack-events.ts';
import type { Envelope } from './slack-socket.ts';

export interface IntakeDeps extends EventDeps {
  readonly inbox: ChannelInbox;
  readonly clock: Clock;
  /** Shows a short text to one person only. Failures do not matter. */
  readonly whisper: (channel: string, user: string, text: string, thread: string | undefined) => Promise<void>;
}

type Acknowledgement = Readonly<Record<string, unknown>> | undefined;

const EVENT = z.looseObject({
  team_id: z.string().optional(),
  event_id: z.string().optional(),
  event: z.looseObject({ type: z.string(), channel: z.string().optional() }),
});

const COMMAND = z.looseObject({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  user_name: z.string().optional(),
  channel_id: z.string(),
  channel_name: z.string().optional(),
  team_id: z.string().optional(),
  trigger_id: z.string().optional(),
  thread_ts: z.string().optional(),
});

const PRESS = z.looseObject({
  type: z.literal('block_actions'),
  trigger_id: z.string().optional(),
  user: z.looseObject({ id: z.string(), name: z.string().optional(), username: z.string().optional() }),
  channel: z.looseObject({ id: z.string() }),
  message: z.looseObject({ thread_ts: z.string().optional() }).optional(),
  actions: z.array(z.looseObject({ type: z.string().optional(), value: z.string().optional() })).min(1),
});

const REMEMBERED = 1000;

export interface SlackIntake {
  /** Rejects when the inbox did. */
  handle(envelope: Envelope): Promise<Acknowledgement>;
  /** Runs work in the line of a channel. */
  inLine(channel: string, work: () => Promise<Acknowledgement>): Promise<Acknowledgement>;
}

export function createIntake(deps: IntakeDeps): SlackIntake {
  const known = new Map<string, Promise<Acknowledgement>>();
  const lanes = new Map<string, Promise<unknown>>();

  /** One at a time for each chat, since looking up a name may take longer for the first of two messages. */
  const inLine = async (chat: string, work: () => Promise<Acknowledgement>): Promise<Acknowledgement> => {
    const before = lanes.get(chat) ?? Promise.resolve();
    const mine = before.then(work, work);
    lanes.set(chat, mine);
    try {
      return await mine;
    } finally {
      if (lanes.get(chat) === mine) lanes.delete(chat);
    }
  };

  const handle = async (envelope: Envelope): Promise<Acknowledgement> => {
    const due = planOf(envelope, deps);
    if (due === undefined) return undefined;
    const earlier = known.get(due.key);
    if (earlier !== undefined) return earlier;
    const work = inLine(due.chat, due.run);
    known.set(due.key, work);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    try {
      return await work;
    } catch (error) {
      known.delete(due.key);
      throw error;
    }
  };
  return { handle, inLine };
}

interface Due {
  /** The same for each time Slack sends it. */
  readonly key: string;
  readonly chat: string;
  readonly run: () => Promise<Acknowledgement>;
}

/** What an envelope asks for; undefined for one that is acknowledged and forgotten. */
function planOf({ id, type, payload }: Envelope, deps: IntakeDeps): Due | undefined {
  if (type === 'events_api') {
    const { data } = EVENT.safeParse(payload);
    if (data?.event.channel === undefined) return undefined;
    return { key: data.event_id ?? id, chat: data.event.channel, run: async () => takeEvent(data, deps) };
  }
  if (type === 'slash_commands') {
    const { data } = COMMAND.safeParse(payload);
    const key = data?.trigger_id ?? id;
    return data && { key, chat: data.channel_id, run: async () => takeCommand(data, key, deps) };
  }
  if (type === 'interactive') {
    const { data } = PRESS.safeParse(payload);
    return data && { key: data.trigger_id ?? id, chat: data.channel.id, run: async () => takePress(data, deps) };
  }
  return undefined;
}

async function takeEvent(data: z.output<typeof EVENT>, deps: IntakeDeps): Promise<undefined> {
  const change = await readEvent(data.event, data.team_id, deps);
  if (change?.kind === 'message') await deps.inbox.message(change.message);
  else if (change?.kind === 'edited') {
    const { chat, externalId, text } = change;
    await deps.inbox.edited({ channel: 'slack', chat, externalId, text });
  } else if (change?.kind === 'deleted') {
    const { chat, externalId } = change;
    await deps.inbox.deleted({ channel: 'slack', chat, externalId });
  }
}

/** `/claw-help` is the command `help`: Slack asks for names that no other app of the workspace takes. */
async function takeCommand(data: z.output<typeof COMMAND>, key: string, deps: IntakeDeps): Promise<Acknowledgement> {
  const name = data.command.replace(/^\//, '').replace(/^claw-/, '');
  const isDirect = data.channel_id.startsWith('D');
  await deps.inbox.message({
    channel: 'slack',
    chat: chatOf(data.channel_id),
    ...(isDirect || data.channel_name === undefined ? {} : { chatTitle: data.channel_name }),
    isDirect,
    space: data.team_id ?? deps.self.teamId,
    externalId: `command-${key}`,
    sender: {
      id: data.user_id,
      name: await personName(data.user_id, data.user_name, deps),
      isBot: false,
      isSelf: false,
    },
    text: `/${name}${data.text === '' ? '' : ` ${data.text}`}`,
    isMention: false,
    ...(data.thread_ts === undefined ? {} : { thread: data.thread_ts }),
    attachments: [],
    command: { name, text: data.text },
    sentAt: deps.clock.now(),
  });
  return { response_type: 'ephemeral', text: `/${name}: one moment.` };
}

async function takePress(data: z.output<typeof PRESS>, deps: IntakeDeps): Promise<undefined> {
  const { user, channel, message } = data;
  const name = await personName(user.id, user.username ?? user.name, deps);
  for (const { value } of data.actions) {
    if (value === undefined) continue;
    const sender = { id: user.id, name, isBot: false, isSelf: false };
    const answer = await deps.inbox.pressed({ channel: 'slack', chat: chatOf(channel.id), sender, value });
    // Shown after the acknowledgement, which Slack waits three seconds for.
    if (answer !== '') void deps.whisper(channel.id, user.id, answer, message?.thread_ts);
  }
}

async function personName(id: string, given: string | undefined, deps: IntakeDeps): Promise<string> {
  const name = await namesFor(deps).user(id);
  return name === id ? (given ?? id) : name;
}
