/** Shows the ledger of a task. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { table } from '../../cli/table.ts';
import { runLine, taskActor } from '../../cli/task-report.ts';
import { runJson } from '../../core/tasks/task-json.ts';

export default class TaskHistory extends BaseCommand {
  static override summary = 'Show what became of each due instant of a task, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news --limit 10'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = {
    limit: Flags.integer({ description: 'How many.', default: 50, min: 1, max: 100_000 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskHistory);
    const app = await this.openApp();
    const actor = await taskActor(app, flags.user);
    const runs = await (await app.tasks()).service.history(actor, args.id, flags.limit);
    this.print(runs.map(runJson), () =>
      runs.length === 0 ? this.texts.cli.none.runs : table(runs.map(runLine), this.texts),
    );
  }
}
