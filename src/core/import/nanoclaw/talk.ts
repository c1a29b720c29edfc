/** Owns what was said in the chats of NanoClaw: one conversation for each folder of a room, all chats of the folder in the order of time. */
import type { RoomMessage } from '../../conversations/format-room-messages.ts';
import { normaliseChatId, isChatId } from '../../conversations/chat-id.ts';
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { type Fields, firstOf, flagOf, instantOf, lineOf, textOf } from '../foreign-values.ts';
import type { ImportedConversation, ImportedItem, ImportedMessage } from '../imported.ts';
import type { Sight } from '../source-files.ts';
import type { FoundRoom } from './rooms.ts';
import type { Variant } from './variant.ts';

export interface TalkPlace {
  readonly variant: Variant;
  readonly rooms: readonly FoundRoom[];
  readonly assistantName: string;
  /** How a message of a room reads. */
  readonly format: (message: RoomMessage) => string;
}

interface Talk {
  readonly conversation: ImportedConversation;
  readonly chats: ReadonlySet<string>;
}

/** Conversations, each followed by its messages. */
export function* talkItems(sight: Sight, database: ForeignDatabase, place: TalkPlace): Generator<ImportedItem> {
  const chatOf = chatNames(place.variant);
  const spoken = firstMessages(database, chatOf);
  for (const talk of talksOf(spoken, namesOf(database, chatOf), place)) {
    yield talk.conversation;
    const tooLong: string[] = [];
    const onDamage = (reason: string): void => sight.source.tell('store/messages.db', `messages: ${reason}`);
    for (const row of database.rows('messages', { orderBy: ['timestamp'], onDamage })) {
      sight.signal.throwIfAborted();
      const chat = chatOf(row.values);
      if (!talk.chats.has(chat)) continue;
      tooLong.push(...row.tooLong);
      yield messageOf(row.values, { chat, conversation: talk.conversation.sourceId }, place);
    }
    if (tooLong.length > 0)
      sight.source.tell('store/messages.db', `${tooLong.length} texts are too long and were left out`);
  }
}

type ChatOf = (row: Fields) => string;

/** The chat of a row in claw's form where it has one; each name is read once. Some versions number the chats of Telegram. */
export function chatNames(variant: Variant): ChatOf {
  const known = new Map<string, string>();
  return (row) => {
    const id = textOf(row['chat_id']);
    const chat = textOf(firstOf(row, 'chat_jid', 'jid')) ?? (id === undefined ? '' : `tg:${id}`);
    const name = known.get(chat) ?? nameOfChat(chat, variant);
    known.set(chat, name);
    return name;
  };
}

function nameOfChat(chat: string, variant: Variant): string {
  const jid = variant.jid(chat);
  return isChatId(jid) ? normaliseChatId(jid).jid : chat;
}

/** Chats with the instant of their first message: undefined when none has a time. */
type FirstMessages = ReadonlyMap<string, number | undefined>;

function firstMessages(database: ForeignDatabase, chatOf: ChatOf): FirstMessages {
  const chats = new Map<string, number | undefined>();
  const columns = ['chat_jid', 'jid', 'chat_id', 'timestamp'];
  for (const { values } of database.rows('messages', { columns })) {
    const chat = chatOf(values);
    const at = instantOf(values['timestamp']);
    chats.set(chat, earliest([chats.get(chat), at]));
  }
  return chats;
}

function earliest(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function namesOf(database: ForeignDatabase, chatOf: ChatOf): Map<string, string> {
  const names = new Map<string, string>();
  for (const { values } of database.rows('chats')) {
    const name = lineOf(firstOf(values, 'name'));
    if (name !== undefined) names.set(chatOf(values), name);
  }
  return names;
}

function talksOf(spoken: FirstMessages, names: ReadonlyMap<string, string>, { rooms, variant }: TalkPlace): Talk[] {
  const registered = new Set(rooms.map(({ key }) => key));
  const folders = [...new Set(rooms.map(({ folder }) => folder))].map((folder) => ofFolder(folder, rooms, variant));
  const strangers = [...spoken.keys()].filter((chat) => chat !== '' && !registered.has(chat)).toSorted();
  const others = strangers.map((chat) => ({
    conversation: conversationOf(chat, names.get(chat) ?? chat, variant),
    chats: new Set([chat]),
  }));
  const talks = [...folders, ...others].filter(({ chats }) => [...chats].some((chat) => spoken.has(chat)));
  return talks.map(({ conversation, chats }) => {
    const createdAt = earliest([...chats].map((chat) => spoken.get(chat)));
    return { conversation: { ...conversation, createdAt }, chats };
  });
}

/** The rooms are in the order in which they were registered: the first names the conversation for good. */
function ofFolder(folder: string, rooms: readonly FoundRoom[], variant: Variant): Talk {
  const members = rooms.filter((room) => room.folder === folder);
  const [first] = members;
  const title = [...new Set(members.map(({ name }) => name))].join(', ');
  const conversation = conversationOf(first?.key ?? folder, title, variant);
  const isRoom = members.some(({ jid }) => jid !== undefined);
  return {
    conversation: isRoom ? { ...conversation, folder } : conversation,
    chats: new Set(members.map(({ key }) => key)),
  };
}

function conversationOf(chat: string, title: string, variant: Variant): ImportedConversation {
  const origin = isChatId(chat) ? normaliseChatId(chat).channel : variant.source;
  return { kind: 'conversation', sourceId: chat, title, origin };
}

function messageOf(
  row: Fields,
  { chat, conversation }: { readonly chat: string; readonly conversation: string },
  place: TalkPlace,
): ImportedItem {
  const sourceId = `${chat}/${textOf(firstOf(row, 'id')) ?? ''}`;
  const written = textOf(firstOf(row, 'content', 'text'));
  if (written === undefined) return { kind: 'skipped', of: 'message', sourceId, reason: 'it has no text' };
  const createdAt = instantOf(firstOf(row, 'timestamp'));
  const message = { kind: 'message', sourceId, conversation, createdAt } as const;
  const said = saidByAssistant(row, written, place);
  if (said !== undefined) {
    return { ...message, role: 'assistant', parts: [{ type: 'text', text: said, provenance: 'assistant' }] };
  }
  const senderName = lineOf(firstOf(row, 'sender_name', 'sender', 'user_id'), 100) ?? 'somebody';
  const text = createdAt === undefined ? written : place.format({ senderName, sentAt: createdAt, text: written });
  return { ...message, role: 'user', parts: [{ type: 'text', text, provenance: 'user' }] } satisfies ImportedMessage;
}

/** The text without the name in front of it, when the assistant said it. */
function saidByAssistant(row: Fields, text: string, { assistantName, variant }: TalkPlace): string | undefined {
  const isFromMe = flagOf(firstOf(row, 'is_from_me')) === true;
  const isBot = flagOf(firstOf(row, 'is_bot_message', 'is_from_bot')) === true;
  const prefix = `${assistantName}:`;
  const hasPrefix = text.toLowerCase().startsWith(prefix.toLowerCase());
  const isAssistant = variant.marksAllBots ? isFromMe : isBot || (isFromMe && hasPrefix);
  if (!isAssistant) return undefined;
  return hasPrefix ? (textOf(text.slice(prefix.length).trim()) ?? text) : text;
}
