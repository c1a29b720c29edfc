/** Removes a room; its folder and conversation stay. */
import { BaseCommand } from '../../cli/base-command.ts';
import { jidFlag, userFlag } from '../../cli/flags.ts';
import { roomJson } from '../../core/conversations/room-json.ts';

export default class GroupRemove extends BaseCommand {
  static override summary = 'Remove a room. Its folder and its conversation stay.';
  static override examples = ['<%= config.bin %> <%= command.id %> --jid dc:123'];
  static override flags = { jid: jidFlag({ required: true }), user: userFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupRemove);
    const app = await this.openApp();
    const room = await (await app.groups()).remove(flags.jid, await app.user(flags.user));
    this.print({ ...roomJson(room), removed: true, kept: [`groups/${room.folder}`, 'conversation'] }, () =>
      [
        `Removed ${room.jid}: the assistant no longer listens there.`,
        `The folder groups/${room.folder} and its conversation were kept; a room with that folder goes on with them.`,
      ].join('\n'),
    );
  }
}
