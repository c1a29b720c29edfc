/** Changes a user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { budgetTable } from '../../cli/budget-report.ts';
import { readSecret } from '../../cli/read-secret.ts';
import { userJson } from '../../core/access/access-json.ts';
import { budgetJson } from '../../core/spending/budget-json.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class UserUpdate extends BaseCommand {
  static override summary = 'Change the role, the name, the password or the budgets of a user.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice --role admin',
    '<%= config.bin %> <%= command.id %> alice --name alicia',
    '<%= config.bin %> <%= command.id %> alice --password < password.txt',
    '<%= config.bin %> <%= command.id %> alice --budget 5/day --budget 50/month',
  ];
  static override args = {
    user: Args.string({ description: 'Name or id of the user.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    role: Flags.string({ description: 'admin, user or readonly.' }),
    name: Flags.string({ description: 'The new name.' }),
    password: Flags.boolean({ description: 'Ask for a new password, or read it from stdin.' }),
    budget: Flags.string({ description: 'As "claw budget set" takes it; repeatable.', multiple: true }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(UserUpdate);
    const { role, name, password, budget: budgets } = flags;
    if (role === undefined && name === undefined && !password && budgets === undefined) {
      throw new ClawError('usage-invalid', 'Nothing to change: give --role, --name, --password or --budget.');
    }
    const app = await this.openApp();
    const access = await app.access();
    const by = await app.actor(flags.by);
    let user = await access.users.find(by, args.user);
    if (password) {
      await (await access.passwords()).set(by, user, await readSecret(`New password of ${user.username}`));
    }
    if (role !== undefined || name !== undefined) {
      user = await access.users.update(by, user.id, { role, username: name });
    }
    const views = budgets && (await (await app.budgets()).set(by, { scope: 'user', name: user.id }, budgets));
    this.print({ ...userJson(user), ...(views && { budgets: views.map(budgetJson) }) }, () =>
      views === undefined ? `${user.username} has the role ${user.role} now.` : budgetTable(views, this.texts),
    );
  }
}
