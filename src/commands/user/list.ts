/** Lists users. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { userRow } from '../../cli/user-report.ts';
import { userJson } from '../../core/access/access-json.ts';

export default class UserList extends BaseCommand {
  static override summary = 'List the users, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];
  static override flags = {
    all: Flags.boolean({ description: 'Also those who are disabled.' }),
    limit: Flags.integer({ description: 'Show at most so many.', default: 100, min: 1, max: 1000 }),
    by: Flags.string({ description: 'The admin who asks, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(UserList);
    const app = await this.openApp();
    const users = await (await app.access()).users.list(await app.actor(flags.by), flags);
    this.print(users.map(userJson), () => table(users.map(userRow), this.texts));
  }
}
