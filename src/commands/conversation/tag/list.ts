/** Lists tags. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { userFlag } from '../../../cli/flags.ts';
import { table } from '../../../cli/table.ts';
import { permittedUser } from '../../../cli/permitted-user.ts';

export default class ConversationTagList extends BaseCommand {
  static override summary = 'List your tags, or those of one conversation.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'A conversation: its id, or the beginning of it.' }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationTagList);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.read');
    const search = await app.conversations();
    if (args.id !== undefined) {
      const tags = await search.tagsOf(user.id, args.id);
      this.print(tags, () => tags.join('\n') || 'No tags.');
      return;
    }
    const tags = await search.tags(user.id);
    this.print(tags, () => (tags.length === 0 ? this.texts.cli.none.tags : table(tags, this.texts)));
  }
}
