/** Owns who may talk and what wakes the assistant: every message of a platform gets one decision with a reason. Silence is the answer to strangers in rooms. */
import type { Catalogue } from '../kernel/language/catalogue.ts';
import type { User } from '../access/local-user.ts';
import type { ChannelName, IncomingMessage } from './channel-messages.ts';
import type { GateDecision } from './intake.ts';
import type { RoomRow } from '../store/rooms-table.ts';

/** Whom and where the settings of one platform let in. */
export interface PlatformRules {
  /** Ids of people who may talk anywhere. */
  readonly people: readonly string[];
  /** Ids of chats in which everybody may talk. */
  readonly places: readonly string[];
  /** Ids of servers that are listened to; empty: all. */
  readonly spaces: readonly string[];
}

export interface GateRules {
  readonly platforms: Readonly<Record<ChannelName, PlatformRules>>;
  /** `channel:id` of bots that are listened to. */
  readonly bots: readonly string[];
  readonly maxMessageChars: number;
}

export interface GateDeps {
  readonly rules: GateRules;
  readonly people: GatePeople;
  readonly places: GatePlaces;
  /** Whether the message is addressed to the assistant. */
  readonly isCalled: (message: IncomingMessage, room: RoomRow | undefined) => { engages: boolean; reason: string };
  /** False when the sender has sent too many messages of late. */
  readonly takeRate: (key: string) => boolean;
  /** The words people are spoken to in. */
  readonly texts: () => Catalogue['chat'];
}

export interface GatePeople {
  /** The user behind a sender; undefined for a stranger. `isAllowed`: the settings let this person in. */
  personOf(message: IncomingMessage, isAllowed: boolean): Promise<User | undefined>;
  /** What a stranger is told who writes directly; empty to say nothing. */
  greetStranger(message: IncomingMessage): Promise<string>;
  /** The answer to a command of the platform; undefined for one that is none. */
  command(message: IncomingMessage, user: User): Promise<string | undefined>;
}

export interface GatePlaces {
  roomOf(chat: string): Promise<RoomRow | undefined>;
  /** The conversation of a registered room, or of one person in another place; begun at the first message. */
  conversationOf(message: IncomingMessage, user: User, room: RoomRow | undefined): Promise<string>;
}

/** Decides what becomes of a message. */
export async function decideMessage(deps: GateDeps, message: IncomingMessage): Promise<GateDecision> {
  const refusal = refusedAtSight(deps.rules, message);
  if (refusal !== undefined) return { kind: 'ignore', reason: refusal };
  const user = await deps.people.personOf(message, isAllowed(deps.rules, message));
  if (user === undefined) return meetStranger(deps, message);
  if (user.state !== 'active') return { kind: 'ignore', reason: `${user.username} is disabled` };
  const room = await deps.places.roomOf(message.chat);
  const reply = (text: string, reason: string): GateDecision => ({ kind: 'reply', text, reason, userId: user.id });
  if (message.command !== undefined) {
    const answer = await deps.people.command(message, user);
    if (answer !== undefined) return reply(answer, `command ${message.command.name}`);
  }
  const called = message.isDirect ? { engages: true, reason: 'direct' } : deps.isCalled(message, room);
  if (!called.engages && room === undefined) return { kind: 'ignore', reason: called.reason };
  if (message.text.length > deps.rules.maxMessageChars)
    return reply(deps.texts().tooLong(message.text.length, deps.rules.maxMessageChars), 'too long');
  if (called.engages && user.role === 'readonly') return reply(deps.texts().readOnly, 'readonly may not chat');
  if (called.engages && !deps.takeRate(`${message.channel} ${message.sender.id}`))
    return reply(deps.texts().tooMany, 'rate limit');
  const own = { conversationId: await deps.places.conversationOf(message, user, room), userId: user.id };
  return called.engages ? { kind: 'turn', ...own } : { kind: 'context', reason: called.reason, ...own };
}

function refusedAtSight(rules: GateRules, { channel, sender, isDirect, space }: IncomingMessage): string | undefined {
  if (sender.isSelf) return 'own message';
  if (sender.isBot && !rules.bots.includes(`${channel}:${sender.id}`)) return 'another bot';
  const spaces = rules.platforms[channel]?.spaces ?? [];
  if (!isDirect && spaces.length > 0 && !spaces.includes(space ?? '')) return 'a server that is not listened to';
  return undefined;
}

/** Whether the settings let this person in at this place. */
export function isAllowed(
  { platforms }: GateRules,
  { channel, chat, sender, isDirect }: Pick<IncomingMessage, 'channel' | 'chat' | 'sender' | 'isDirect'>,
): boolean {
  const rules = platforms[channel];
  if (rules === undefined) return false;
  return rules.people.includes(sender.id) || (!isDirect && rules.places.includes(chat.slice(chat.indexOf(':') + 1)));
}

async function meetStranger(deps: GateDeps, message: IncomingMessage): Promise<GateDecision> {
  if (!message.isDirect) return { kind: 'ignore', reason: 'unknown person' };
  if (!deps.takeRate(`stranger ${message.channel} ${message.sender.id}`))
    return { kind: 'ignore', reason: 'unknown person, rate limit' };
  return { kind: 'reply', text: await deps.people.greetStranger(message), reason: 'unknown person' };
}
