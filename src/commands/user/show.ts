/** Shows one user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userRow } from '../../cli/user-report.ts';
import { userJson } from '../../core/access/access-json.ts';
import { table } from '../../cli/table.ts';

export default class UserShow extends BaseCommand {
  static override summary = 'Show a user.';
  static override examples = ['<%= config.bin %> <%= command.id %> alice'];
  static override args = {
    name: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    by: Flags.string({ description: 'Who asks, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserShow);
    const app = await this.openApp();
    const user = await (await app.access()).users.find(await app.actor(flags.by), args.name);
    this.print(userJson(user), () => table([userRow(user)]));
  }
}
