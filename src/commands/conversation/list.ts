/** Lists the user's conversations. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { table } from '../../cli/table.ts';
import { permittedUser } from '../../cli/permitted-user.ts';

export default class ConversationList extends BaseCommand {
  static override summary = 'List your conversations, newest first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --limit 5 --json',
  ];
  static override flags = {
    limit: Flags.integer({ description: 'How many.', default: 50, min: 1, max: 1000 }),
    offset: Flags.integer({ description: 'How many to leave out.', default: 0, min: 0 }),
    origin: Flags.string({ description: 'Only those from there: terminal, openai, telegram, discord, slack.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConversationList);
    const app = await this.openApp();
    const user = await permittedUser(app, flags.user, 'conversation.read');
    const rows = await (await app.conversations()).list(user.id, flags);
    const list = rows.map((row) => ({
      id: row.id,
      title: row.title,
      origin: row.origin,
      messages: row.message_count,
      parent_id: row.parent_id,
      created_at: new Date(row.created_at).toISOString(),
      updated_at: new Date(row.updated_at).toISOString(),
    }));
    this.print(list, () =>
      list.length === 0
        ? this.texts.cli.none.conversations
        : table(
            list.map(({ id, updated_at, messages, title }) => ({
              id,
              updated: updated_at.slice(0, 16).replace('T', ' '),
              messages,
              title,
            })),
            this.texts,
          ),
    );
  }
}
