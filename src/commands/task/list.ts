/** Lists tasks. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { table } from '../../cli/table.ts';
import { taskActor, taskLine } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';

export default class TaskList extends BaseCommand {
  static override summary = 'List scheduled tasks.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --json',
  ];
  static override flags = {
    all: Flags.boolean({ description: 'Also those that are done or cancelled.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TaskList);
    const app = await this.openApp();
    const tasks = await (await app.tasks()).service.list(await taskActor(app, flags.user), flags.all);
    const none = this.texts.cli.none.tasks;
    this.print(tasks.map(taskJson), () => (tasks.length === 0 ? none : table(tasks.map(taskLine), this.texts)));
  }
}
