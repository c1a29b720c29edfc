/** Shows one user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { budgetTable } from '../../cli/budget-report.ts';
import { userRow } from '../../cli/user-report.ts';
import { userJson } from '../../core/access/access-json.ts';
import { budgetJson } from '../../core/spending/budget-json.ts';
import { table } from '../../cli/table.ts';

export default class UserShow extends BaseCommand {
  static override summary = 'Show a user and their budgets.';
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
    const by = await app.actor(flags.by);
    const user = await (await app.access()).users.find(by, args.name);
    const budgets = await (await app.budgets()).ofUser(by, user.id);
    this.print({ ...userJson(user), budgets: budgets.map(budgetJson) }, () =>
      [table([userRow(user)], this.texts), ...(budgets.length === 0 ? [] : [budgetTable(budgets, this.texts)])].join(
        '\n\n',
      ),
    );
  }
}
