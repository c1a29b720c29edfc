/** Shows a conversation with the whole story of each turn. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { storyText } from '../../cli/conversation-story.ts';
import { storyJson } from '../../core/conversations/story-json.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationShow extends BaseCommand {
  static override summary = 'Show a conversation: what was said, and what happened in each turn.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 019aa0f3',
    '<%= config.bin %> <%= command.id %> 019aa0f3 --story',
  ];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = {
    story: Flags.boolean({ description: 'Also model calls, tool calls, costs and states.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationShow);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.read');
    const story = await (await app.conversations()).story(user.id, args.id);
    this.print(storyJson(story), () => storyText(story, flags.story));
  }
}
