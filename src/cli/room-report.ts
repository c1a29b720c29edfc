/** Owns how a room is shown to people. */
import type { RoomRow } from '../core/store/rooms-table.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';

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
