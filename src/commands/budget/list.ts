/** Lists budgets and what is used of them. */
import { Flags } from '@oclif/core';
import { budgetTable } from '../../cli/budget-report.ts';
import { budgetJson } from '../../core/spending/budget-json.ts';
import { BaseCommand } from '../../cli/base-command.ts';

export default class BudgetList extends BaseCommand {
  static override summary = 'List budgets, the daily limits of model calls, and what is used of them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --own --json',
  ];
  static override flags = {
    own: Flags.boolean({ description: 'Only those of who asks; for this no admin is needed.' }),
    by: Flags.string({ description: 'Who asks, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BudgetList);
    const app = await this.openApp();
    const actor = await app.actor(flags.by);
    const budgets = await app.budgets();
    const views = flags.own ? await budgets.own(actor) : await budgets.list(actor);
    this.print(views.map(budgetJson), () => budgetTable(views, this.texts));
  }
}
