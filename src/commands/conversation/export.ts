/** Exports a conversation as a document. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { userFlag } from '../../cli/flags.ts';
import { storyJson } from '../../core/conversations/story-json.ts';
import { writeNewFile } from '../../cli/write-new-file.ts';
import { exportMarkdown, exportText } from '../../core/conversations/export-conversation.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationExport extends BaseCommand {
  static override summary = 'Export a conversation as Markdown, text or JSON.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 019aa0f3 > talk.md',
    '<%= config.bin %> <%= command.id %> 019aa0f3 --format json --output talk.json',
  ];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = {
    format: Flags.string({
      description: 'What to make of it.',
      options: ['markdown', 'text', 'json'],
      default: 'markdown',
    }),
    output: Flags.string({ char: 'o', description: 'A new file to write, instead of stdout.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ConversationExport);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.read');
    const story = await (await app.conversations()).story(user.id, args.id);
    const { id } = story.conversation;
    await recordAct(app, 'conversation.export', { target: id, detail: { format: flags.format } }, flags.user);
    const json = storyJson(story);
    const write = flags.format === 'text' ? exportText : exportMarkdown;
    const text = flags.format === 'json' ? `${JSON.stringify(json, null, 2)}\n` : write(story);
    if (flags.output === undefined) {
      this.print(json, () => text);
      return;
    }
    const bytes = await writeNewFile(flags.output, text);
    this.print({ file: flags.output, bytes }, () => `Written: ${flags.output} (${bytes} bytes)`);
  }
}
