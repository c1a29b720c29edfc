/** Owns which conversation a place on a platform belongs to: rooms of one folder share one, a person alone has their own. It is begun at the first message. */
import type { User } from '../access/local-user.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RoomRow } from '../store/rooms-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { IncomingMessage } from './channel-messages.ts';
import type { GatePlaces } from './gate.ts';
import { newConversation } from './open-conversation.ts';

export function createPlaces(deps: { readonly store: Store; readonly clock: Clock }): GatePlaces {
  return {
    roomOf: (chat) => deps.store.rooms.find(chat),
    conversationOf: (message, user, room) =>
      deps.store.transaction((tables) =>
        room === undefined ? ofPerson(deps, tables, message, user) : ofRoom(deps, tables, message, room),
      ),
  };
}

async function ofRoom(
  { clock }: { clock: Clock },
  { rooms, conversations }: Tables,
  { channel }: IncomingMessage,
  room: RoomRow,
): Promise<string> {
  const folder = await rooms.folder(room.folder);
  if (folder === undefined) throw new Error(`the folder of room ${room.jid} is not written down`);
  if (folder.conversation_id !== null) return folder.conversation_id;
  const row = newConversation({ ownerId: folder.owner_id, title: room.name, origin: channel }, clock.now());
  await conversations.insert(row);
  await rooms.setFolderConversation(room.folder, row.id);
  return row.id;
}

/** Under which key the conversation of a person is kept: their direct chat, or their part of a place. */
export function directChatOf({ isDirect, chat }: Pick<IncomingMessage, 'isDirect' | 'chat'>, user: User): string {
  return isDirect ? chat : `${chat} ${user.id}`;
}

/** In a place that is no registered room, everybody talks with the assistant alone. */
async function ofPerson(
  { clock }: { clock: Clock },
  { rooms, conversations }: Tables,
  message: IncomingMessage,
  user: User,
): Promise<string> {
  const jid = directChatOf(message, user);
  const chat = await rooms.directChat(jid);
  if (chat?.user_id === user.id && chat.conversation_id !== null) return chat.conversation_id;
  const now = clock.now();
  const title = message.chatTitle ?? message.sender.name;
  const row = newConversation({ ownerId: user.id, title, origin: message.channel }, now);
  await conversations.insert(row);
  await rooms.putDirectChat({
    jid,
    channel: message.channel,
    user_id: user.id,
    conversation_id: row.id,
    created_at: now,
  });
  return row.id;
}
