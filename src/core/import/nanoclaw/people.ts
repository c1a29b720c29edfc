/** Owns who talked in NanoClaw's rooms. It answers everybody in a registered group; claw answers people it knows, so each is told with the way to let them in. */
import { isChatId, normaliseChatId } from '../../conversations/chat-id.ts';
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { firstOf, flagOf, lineOf, textOf } from '../foreign-values.ts';
import type { RemarkItem } from '../imported.ts';
import { letInRemark } from '../platforms.ts';
import type { FoundRoom } from './rooms.ts';
import { chatNames } from './talk.ts';
import type { Variant } from './variant.ts';

/** People of one platform that are kept in mind. */
const MAX_PEOPLE = 1000;

/** One remark a platform. */
export function* peopleItems(
  database: ForeignDatabase | undefined,
  rooms: readonly FoundRoom[],
  variant: Variant,
): Generator<RemarkItem> {
  const people = new Map<string, Map<string, string>>();
  const add = (chat: string, id: string | undefined, name: string): void => {
    if (id === undefined || !isChatId(chat)) return;
    const { channel } = normaliseChatId(chat);
    const known = people.get(channel) ?? new Map<string, string>();
    people.set(channel, known);
    if (known.size < MAX_PEOPLE && !known.has(id)) known.set(id, name);
  };
  // The direct chat of a person on Telegram has the id of that person.
  for (const { key, name } of rooms) add(key, /^tg:([1-9][0-9]*)$/.exec(key)?.[1], name);
  const chatOf = chatNames(variant);
  const registered = new Set(rooms.map(({ key }) => key));
  for (const { values } of database?.rows('messages', { columns: COLUMNS }) ?? []) {
    const chat = chatOf(values);
    const isBot = flagOf(firstOf(values, 'is_bot_message', 'is_from_bot')) === true;
    if (isBot || !registered.has(chat)) continue;
    const id = textOf(firstOf(values, 'sender', 'user_id'));
    add(chat, id, lineOf(firstOf(values, 'sender_name'), 40) ?? 'somebody');
  }
  for (const [channel, known] of people) {
    const text = letInRemark(channel, known);
    if (text !== undefined) yield { kind: 'remark', text };
  }
}

const COLUMNS = ['chat_jid', 'jid', 'chat_id', 'sender', 'user_id', 'sender_name', 'is_bot_message', 'is_from_bot'];
