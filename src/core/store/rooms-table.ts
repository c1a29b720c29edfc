/** Owns the queries on rooms, the folders they share, and direct chats. */
import type { Insertable, Kysely, Selectable, Updateable } from 'kysely';
import type { DirectChatsTable, RoomFoldersTable, RoomsTable } from './rooms-schema.ts';
import { moveChat } from './move-chat.ts';
import type { Schema } from './schema.ts';

export type RoomRow = Selectable<RoomsTable>;
export type RoomFolderRow = Selectable<RoomFoldersTable>;
export type DirectChatRow = Selectable<DirectChatsTable>;
export type RoomQueries = ReturnType<typeof roomQueries> &
  ReturnType<typeof folderQueries> &
  ReturnType<typeof directChatQueries>;

export function roomsTable(db: Kysely<Schema>): RoomQueries {
  return { ...roomQueries(db), ...folderQueries(db), ...directChatQueries(db) };
}

function roomQueries(db: Kysely<Schema>) {
  return {
    /** The main room first, then by name. */
    list(): Promise<RoomRow[]> {
      return db.selectFrom('rooms').selectAll().orderBy('is_main', 'desc').orderBy('name').orderBy('jid').execute();
    },
    find(jid: string): Promise<RoomRow | undefined> {
      return db.selectFrom('rooms').selectAll().where('jid', '=', jid).executeTakeFirst();
    },
    main(): Promise<RoomRow | undefined> {
      return db.selectFrom('rooms').selectAll().where('is_main', '=', 1).executeTakeFirst();
    },
    /** Rooms that share the folder, oldest first. */
    inFolder(folder: string): Promise<RoomRow[]> {
      return db
        .selectFrom('rooms')
        .selectAll()
        .where('folder', '=', folder)
        .orderBy('created_at')
        .orderBy('jid')
        .execute();
    },
    async insert(row: Insertable<RoomsTable>): Promise<void> {
      await db.insertInto('rooms').values(row).execute();
    },
    async update(jid: string, change: Updateable<RoomsTable>): Promise<boolean> {
      const result = await db.updateTable('rooms').set(change).where('jid', '=', jid).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** The platform gave the chat another id. Call inside a transaction. */
    moveChat: (from: string, to: string): Promise<void> => moveChat(db, from, to),
    async remove(jid: string): Promise<boolean> {
      const result = await db.deleteFrom('rooms').where('jid', '=', jid).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function folderQueries(db: Kysely<Schema>) {
  return {
    folder(folder: string): Promise<RoomFolderRow | undefined> {
      return db.selectFrom('room_folders').selectAll().where('folder', '=', folder).executeTakeFirst();
    },
    folders(): Promise<RoomFolderRow[]> {
      return db.selectFrom('room_folders').selectAll().orderBy('folder').execute();
    },
    /** The folder whose rooms talk in that conversation, if any. */
    async folderOfConversation(conversationId: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('room_folders')
        .select('folder')
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row?.folder;
    },
    async insertFolderIfAbsent(row: Insertable<RoomFoldersTable>): Promise<void> {
      await db
        .insertInto('room_folders')
        .values(row)
        .onConflict((conflict) => conflict.column('folder').doNothing())
        .execute();
    },
    async setFolderConversation(folder: string, conversationId: string | null): Promise<void> {
      await db
        .updateTable('room_folders')
        .set({ conversation_id: conversationId })
        .where('folder', '=', folder)
        .execute();
    },
  };
}

/** A chat that a conversation is held in. */
export interface Place {
  readonly jid: string;
  readonly isRoom: boolean;
  readonly isMain: boolean;
}

function directChatQueries(db: Kysely<Schema>) {
  return {
    /** The chats of a conversation: the rooms of its folder, or the chat of one person. */
    async placesOf(conversationId: string): Promise<Place[]> {
      const rooms = await db
        .selectFrom('rooms')
        .innerJoin('room_folders', 'room_folders.folder', 'rooms.folder')
        .select(['rooms.jid', 'rooms.is_main'])
        .where('room_folders.conversation_id', '=', conversationId)
        .orderBy('rooms.created_at')
        .execute();
      const chats = await db
        .selectFrom('direct_chats')
        .select('jid')
        .where('conversation_id', '=', conversationId)
        .execute();
      return [
        ...rooms.map(({ jid, is_main }) => ({ jid, isRoom: true, isMain: is_main === 1 })),
        // A place that is no registered room is written with the person behind it.
        ...chats.map(({ jid }) => ({ jid: jid.split(' ')[0] ?? jid, isRoom: false, isMain: false })),
      ];
    },
    /** Whether the chat is registered or one person wrote there. */
    async isKnown(jid: string): Promise<boolean> {
      const room = await db.selectFrom('rooms').select('jid').where('jid', '=', jid).executeTakeFirst();
      const chat = await db.selectFrom('direct_chats').select('jid').where('jid', '=', jid).executeTakeFirst();
      return room !== undefined || chat !== undefined;
    },
    directChat(jid: string): Promise<DirectChatRow | undefined> {
      return db.selectFrom('direct_chats').selectAll().where('jid', '=', jid).executeTakeFirst();
    },
    /** The direct chat in which the user and the assistant talked last; none of the places that others read too. */
    lastDirectChat(userId: string): Promise<DirectChatRow | undefined> {
      return (
        db
          .selectFrom('direct_chats')
          .leftJoin('conversations', 'conversations.id', 'direct_chats.conversation_id')
          .selectAll('direct_chats')
          .where('user_id', '=', userId)
          // A place that is no direct chat is written with the person behind it.
          .where('jid', 'not like', '% %')
          .orderBy(({ fn }) => fn.coalesce('conversations.updated_at', 'direct_chats.created_at'), 'desc')
          .orderBy('jid')
          .limit(1)
          .executeTakeFirst()
      );
    },
    /** Adds the chat; one that is there takes the user and conversation of `row`. */
    async putDirectChat(row: Insertable<DirectChatsTable>): Promise<void> {
      await db
        .insertInto('direct_chats')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('jid').doUpdateSet({ user_id: row.user_id, conversation_id: row.conversation_id ?? null }),
        )
        .execute();
    },
    async setDirectConversation(jid: string, conversationId: string | null): Promise<void> {
      await db.updateTable('direct_chats').set({ conversation_id: conversationId }).where('jid', '=', jid).execute();
    },
  };
}
