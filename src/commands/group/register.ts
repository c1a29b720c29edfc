/** Registers a room of a chat platform. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { jidFlag, triggerFlag, trueFalse, userFlag } from '../../cli/flags.ts';
import { roomJson } from '../../core/conversations/room-json.ts';

export default class GroupRegister extends BaseCommand {
  static override summary = 'Register a room, so that the assistant listens there.';
  static override description =
    'The room gets the folder groups/FOLDER with a memory file and a conversation of its own. Rooms of several platforms that name the same folder share both. A running server sees the room at its next message.';
  static override examples = [
    "<%= config.bin %> <%= command.id %> --jid dc:123 --name Home --folder home --trigger '@J'",
    '<%= config.bin %> <%= command.id %> --jid tg:-1 --name A --folder a --requires-trigger false',
  ];
  static override flags = {
    jid: jidFlag({ required: true }),
    name: Flags.string({ description: 'What people call the room.', required: true }),
    folder: Flags.string({ description: 'Its folder: a-z, 0-9, - and _, at most 64.', required: true }),
    trigger: triggerFlag(),
    'requires-trigger': trueFalse({ description: 'Whether messages must call the assistant.', default: true }),
    main: Flags.boolean({ description: 'Make it the main room, which needs no trigger.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupRegister);
    const app = await this.openApp();
    const { jid, name, folder, trigger, main: isMain, 'requires-trigger': requiresTrigger } = flags;
    const room = { jid, name, folder, trigger, isMain, requiresTrigger };
    const registered = await (await app.groups()).register(room, await app.user(flags.user));
    this.print(roomJson(registered), () => `Registered ${registered.jid} with the folder groups/${registered.folder}.`);
  }
}
