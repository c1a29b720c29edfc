/** Branches a conversation. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationBranch extends BaseCommand {
  static override summary = 'Make a new conversation of the beginning of another; the other stays as it is.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 019aa0f3 --at 4',
    '<%= config.bin %> chat --resume $(<%= config.bin %> <%= command.id %> 019aa0f3 --json | jq -r .id)',
  ];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = {
    at: Flags.integer({ description: 'Number of the last message to take over (default: all).', min: 0 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationBranch);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.change');
    const branch = await (await app.conversations()).branch(user.id, args.id, flags.at);
    const json = { id: branch.id, parent_id: branch.parent_id, parent_seq: branch.parent_seq, title: branch.title };
    this.print(json, () => `${branch.id}\nGo on with: claw chat --resume ${branch.id}`);
  }
}
