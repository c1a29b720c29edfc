/** Registers the main room. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { jidFlag, userFlag } from '../../cli/flags.ts';
import { roomJson } from '../../core/conversations/room-json.ts';

export default class GroupBootstrapMain extends BaseCommand {
  static override summary = 'Register the main room, which needs no trigger.';
  static override description =
    'There is one main room, with the folder groups/main. Without --jid it is the chat of AUTO_REGISTER_MAIN_JID. Run again for the same chat, it changes nothing.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --jid tg:123456',
    '<%= config.bin %> <%= command.id %> --jid dc:123 --name Home',
  ];
  static override flags = {
    jid: jidFlag(),
    name: Flags.string({ description: 'What people call the room.', default: 'Main' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupBootstrapMain);
    const app = await this.openApp();
    const jid = flags.jid ?? app.settings.get('AUTO_REGISTER_MAIN_JID');
    const room = await (await app.groups()).bootstrapMain(jid, await app.user(flags.user), flags.name);
    this.print(roomJson(room), () => `${room.jid} is the main room, with the folder groups/${room.folder}.`);
  }
}
