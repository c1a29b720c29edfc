/** Changes a registered room. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { jidFlag, triggerFlag, trueFalse, userFlag } from '../../cli/flags.ts';
import { roomJson } from '../../core/conversations/room-json.ts';

export default class GroupUpdate extends BaseCommand {
  static override summary = 'Change the name or the trigger of a room.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --jid dc:123 --requires-trigger false',
    "<%= config.bin %> <%= command.id %> --jid dc:123 --trigger '^(hey|ok) claw'",
    "<%= config.bin %> <%= command.id %> --jid dc:123 --trigger ''",
  ];
  static override flags = {
    jid: jidFlag({ required: true }),
    name: Flags.string({ description: 'What people call the room.' }),
    trigger: triggerFlag(),
    'requires-trigger': trueFalse({ description: 'Whether messages must call the assistant.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(GroupUpdate);
    const app = await this.openApp();
    const { jid, name, trigger, 'requires-trigger': requiresTrigger } = flags;
    const change = { name, trigger, requiresTrigger };
    const room = await (await app.groups()).update(jid, change, await app.user(flags.user));
    this.print(roomJson(room), () => `Changed ${room.jid}.`);
  }
}
