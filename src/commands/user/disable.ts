/** Take a user's access away at once; everything of theirs stays. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userJson } from '../../core/access/access-json.ts';

export default class UserDisable extends BaseCommand {
  static override summary = "Take a user's access away at once; everything of theirs stays.";
  static override examples = ['<%= config.bin %> <%= command.id %> alice'];
  static override args = {
    name: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserDisable);
    const app = await this.openApp();
    const user = await (await app.access()).users.disable(await app.actor(flags.by), args.name);
    this.print(userJson(user), () => `${user.username} is disabled. What they hold to sign in is refused from now on.`);
  }
}
