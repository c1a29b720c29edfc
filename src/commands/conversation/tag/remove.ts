/** Takes a tag off a conversation. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { userFlag } from '../../../cli/flags.ts';
import { permittedUser } from '../../../cli/permitted-user.ts';

export default class ConversationTagRemove extends BaseCommand {
  static override summary = 'Take a tag off a conversation.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3 work'];
  static override args = {
    id: Args.string({ description: 'Its id, or the beginning of it.', required: true }),
    tag: Args.string({ description: 'The tag; case does not matter.', required: true }),
  };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationTagRemove);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.change');
    const search = await app.conversations();
    const removed = await search.untag(user.id, args.id, args.tag);
    const tags = await search.tagsOf(user.id, args.id);
    this.print({ removed, tags }, () => (removed ? 'Removed.' : 'It did not bear this tag.'));
  }
}
