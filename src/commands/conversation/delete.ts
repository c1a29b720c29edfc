/** Deletes a conversation. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { userFlag } from '../../cli/flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationDelete extends BaseCommand {
  static override summary = 'Delete a conversation with its messages; its costs stay in the books.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3 --yes'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = { yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }), user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationDelete);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.change');
    const conversations = await app.conversations();
    const { id, title } = await conversations.find(user.id, args.id);
    await confirm(`Delete "${title}" (${id})? It cannot be brought back.`, flags.yes, this.texts);
    await conversations.remove(user.id, id);
    this.print({ id, deleted: true }, () => `Deleted ${id}.`);
  }
}
