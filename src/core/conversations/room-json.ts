/** Owns rooms as JSON, the same on every surface. */
import type { RoomRow } from '../store/rooms-table.ts';

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
