/** Lists the registered rooms. */
import { BaseCommand } from '../../cli/base-command.ts';
import { roomRow } from '../../cli/room-report.ts';
import { table } from '../../cli/table.ts';
import { placedRoomJson } from '../../core/conversations/room-json.ts';

export default class GroupList extends BaseCommand {
  static override summary = 'List the registered rooms.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(GroupList);
    const groups = await (await this.openApp()).groups();
    const [rooms, folders] = [await groups.list(), await groups.folders()];
    const none = this.texts.cli.none.rooms;
    this.print(
      rooms.map((room) => placedRoomJson(room, folders)),
      () => (rooms.length === 0 ? none : table(rooms.map(roomRow), this.texts)),
    );
  }
}
