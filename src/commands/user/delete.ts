/** Delete a user and everything that is theirs alone. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { userJson } from '../../core/access/access-json.ts';

export default class UserDelete extends BaseCommand {
  static override summary = 'Delete a user and everything that is theirs alone.';
  static override description =
    'Their conversations, keys, pairings and grants go. What they spent stays in the totals, as spent by nobody; rooms they registered pass to whoever deletes them.';
  static override examples = ['<%= config.bin %> <%= command.id %> alice --yes'];
  static override args = {
    name: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserDelete);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const { users } = await app.access();
    const { id, username } = await users.find(by, args.name);
    await confirm(`Delete ${username} and everything of theirs? It cannot be brought back.`, flags.yes, this.texts);
    const user = await users.remove(by, id);
    this.print(userJson(user), () => `${user.username} is deleted.`);
  }
}
