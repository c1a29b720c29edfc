/** Owns rooms as JSON, the same on every surface. */
import type { RoomFolderRow, RoomRow } from '../store/rooms-table.ts';

export function roomJson(room: RoomRow) {
  return {
    jid: room.jid,
    channel: room.channel,
    name: room.name,
    folder: room.folder,
    trigger: room.trigger_pattern,
    requires_trigger: room.requires_trigger === 1,
    is_main: room.is_main === 1,
    created_at: new Date(room.created_at).toISOString(),
    updated_at: new Date(room.updated_at).toISOString(),
  };
}

/** A room with the conversation that it goes on with; null before its first message. */
export function placedRoomJson(room: RoomRow, folders: readonly RoomFolderRow[]) {
  const found = folders.find(({ folder }) => folder === room.folder);
  return { ...roomJson(room), conversation_id: found?.conversation_id ?? null };
}
