/** Sets or takes away the budgets of a user, room, task, tool, or of everybody. */
import { Args, Flags } from '@oclif/core';
import { budgetTable } from '../../cli/budget-report.ts';
import { budgetJson } from '../../core/spending/budget-json.ts';
import { BaseCommand } from '../../cli/base-command.ts';

const besides = (own: string): string[] => ['user', 'room', 'task', 'tool'].filter((name) => name !== own);

export default class BudgetSet extends BaseCommand {
  static override summary =
    'Set the budgets of a user, a room, a task or a tool; without one of them, of the whole home.';
  static override description =
    'A budget is AMOUNT/day or AMOUNT/month: 5/day is US dollars, 100000tokens/day, 200calls/day. Setting one again changes its amount; "none" takes all away. No model call is begun that could pass it. Days begin at midnight in TIMEZONE.';
  static override strict = false;
  static override examples = [
    '<%= config.bin %> <%= command.id %> 5/day 50/month --user alice',
    '<%= config.bin %> <%= command.id %> 200calls/day --room family',
    '<%= config.bin %> <%= command.id %> none --user alice',
  ];
  static override args = {
    budget: Args.string({ description: 'Budget, or none; several may follow.', required: true, ignoreStdin: true }),
  };
  static override flags = {
    user: Flags.string({ description: 'Name of a user.', exclusive: besides('user') }),
    room: Flags.string({ description: 'Folder of a room.', exclusive: besides('room') }),
    task: Flags.string({ description: 'Id of a task.', exclusive: besides('task') }),
    tool: Flags.string({
      description: 'Name of a tool: counts the model calls that read its results.',
      exclusive: besides('tool'),
    }),
    by: Flags.string({ description: 'The admin who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(BudgetSet);
    const app = await this.openApp();
    const scope = (['user', 'room', 'task', 'tool'] as const).find((name) => flags[name] !== undefined) ?? 'home';
    const name = scope === 'home' ? '' : (flags[scope] ?? '');
    const views = await (await app.budgets()).set(await app.actor(flags.by), { scope, name }, argv as string[]);
    this.print(views.map(budgetJson), () => budgetTable(views, this.texts));
  }
}
