/** Owns how claw tells a person something of its own accord: a notice in the direct chat they used last, once per key. */
import { createHash } from 'node:crypto';
import type { Tables } from '../store/store.ts';
import { queueOutgoing } from './outgoing.ts';

export interface PersonNotice {
  readonly userId: string;
  readonly text: string;
  /** What it is about; the same key is told to the same person once. */
  readonly key: string;
  /** Milliseconds UTC. */
  readonly now: number;
}

/** Queues the notice; call inside the transaction of what it tells of. `no-chat`: the person is disabled or never wrote in a direct chat, and may be told with the same key later. */
export async function tellPerson(
  tables: Pick<Tables, 'outbox' | 'rooms' | 'users'>,
  { userId, text, key, now }: PersonNotice,
): Promise<'told' | 'already-told' | 'no-chat'> {
  const id = noticeId(userId, key);
  if ((await tables.outbox.byId(id)) !== undefined) return 'already-told';
  const user = await tables.users.byId(userId);
  const chat = user?.state === 'active' ? await tables.rooms.lastDirectChat(userId) : undefined;
  if (chat === undefined) return 'no-chat';
  await queueOutgoing(tables, { channel: chat.channel, chatId: chat.jid }, { kind: 'notice', text, id }, now);
  return 'told';
}

/** A UUID of version 8 (RFC 9562) made of the key: the row of the outbox is what remembers that it was told. */
function noticeId(userId: string, key: string): string {
  const bytes = createHash('sha256').update(`${userId}\n${key}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
