/** Changes a user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userJson } from '../../cli/user-report.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class UserUpdate extends BaseCommand {
  static override summary = 'Change the role or the name of a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice --role admin',
    '<%= config.bin %> <%= command.id %> alice --name alicia',
  ];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    role: Flags.string({ description: 'admin, user or readonly.' }),
    name: Flags.string({ description: 'The new name.' }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserUpdate);
    if (flags.role === undefined && flags.name === undefined) {
      throw new ClawError('usage-invalid', 'Nothing to change.', { hint: 'Give --role or --name.' });
    }
    const app = await this.openApp();
    const to = { role: flags.role, username: flags.name };
    const user = await (await app.access()).users.update(await app.actor(flags.by), args.user, to);
    this.print(userJson(user), () => `${user.username} has the role ${user.role} now.`);
  }
}
