/** Owns the keys by which OpenClaw names a conversation, such as `agent:main:telegram:group:-100123`. Pure. */
import { chatIdOf } from '../platforms.ts';

export interface SessionPlace {
  /** `main` when the key names no agent. */
  readonly agent: string;
  /** Undefined for the talk that all direct chats share, and for runs of the program itself. */
  readonly channel: string | undefined;
  readonly isGroup: boolean;
  /** The chat in claw's form, when claw has the platform. */
  readonly jid: string | undefined;
  /** A job, a hook or a helper, no talk with a person. */
  readonly isRun: boolean;
}

const GROUP_WORDS = new Set(['group', 'channel', 'room', 'supergroup']);
const RUN_WORDS = new Set(['cron', 'hook', 'subagent', 'acp', 'node', 'heartbeat']);

/** Keys of all versions; of one that says nothing, only that. */
export function readSessionKey(key: string): SessionPlace {
  const parts = key.split(':');
  const agent = parts[0] === 'agent' && parts.length > 2 ? (parts[1] ?? 'main') : 'main';
  const [channel = '', kind = '', ...rest] = parts[0] === 'agent' && parts.length > 2 ? parts.slice(2) : parts;
  const isRun = RUN_WORDS.has(channel) || rest.includes('subagent');
  const isGroup = GROUP_WORDS.has(kind);
  const isDirect = kind === 'dm' || kind === 'direct';
  if (isRun || (!isGroup && !isDirect)) return { agent, channel: undefined, isGroup: false, jid: undefined, isRun };
  // `telegram:group:-100123:topic:7`: a topic is a part of its chat.
  return { agent, channel, isGroup, jid: chatIdOf(channel, rest[0] ?? ''), isRun };
}
