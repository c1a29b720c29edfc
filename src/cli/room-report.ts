/** Owns how a room is shown: as JSON and as a row for people. */
import type { RoomRow } from '../core/store/rooms-table.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';

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

/** One line of `claw group list`. */
export function roomRow(room: RoomRow) {
  const trigger = room.trigger_pattern ?? 'name';
  return {
    jid: room.jid,
    name: safeLine(room.name) + (room.is_main === 1 ? ' (main)' : ''),
    folder: room.folder,
    trigger: room.requires_trigger === 1 ? safeLine(trigger) : 'none needed',
  };
}
