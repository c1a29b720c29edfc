/** Changes a user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { readSecret } from '../../cli/read-secret.ts';
import { userJson } from '../../core/access/access-json.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class UserUpdate extends BaseCommand {
  static override summary = 'Change the role, the name or the password of a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice --role admin',
    '<%= config.bin %> <%= command.id %> alice --name alicia',
    '<%= config.bin %> <%= command.id %> alice --password < password.txt',
  ];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    role: Flags.string({ description: 'admin, user or readonly.' }),
    name: Flags.string({ description: 'The new name.' }),
    password: Flags.boolean({ description: 'Ask for a new password, or read it from stdin.' }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserUpdate);
    if (flags.role === undefined && flags.name === undefined && !flags.password) {
      throw new ClawError('usage-invalid', 'Nothing to change.', { hint: 'Give --role, --name or --password.' });
    }
    const app = await this.openApp();
    const access = await app.access();
    const by = await app.actor(flags.by);
    let user = await access.users.find(by, args.user);
    if (flags.password) {
      await (await access.passwords()).set(by, user, await readSecret(`New password of ${user.username}`));
    }
    if (flags.role !== undefined || flags.name !== undefined) {
      user = await access.users.update(by, user.id, { role: flags.role, username: flags.name });
    }
    this.print(userJson(user), () => `${user.username} has the role ${user.role} now.`);
  }
}
