/** Let a disabled user in again. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userJson } from '../../core/access/access-json.ts';

export default class UserEnable extends BaseCommand {
  static override summary = 'Let a disabled user in again.';
  static override examples = ['<%= config.bin %> <%= command.id %> alice'];
  static override args = {
    name: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserEnable);
    const app = await this.openApp();
    const user = await (await app.access()).users.enable(await app.actor(flags.by), args.name);
    this.print(userJson(user), () => `${user.username} is active again.`);
  }
}
