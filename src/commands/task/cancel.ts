/** Cancels a task. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { taskActor, taskText } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';

export default class TaskCancel extends BaseCommand {
  static override summary = 'Cancel a task for good; its history is kept.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskCancel);
    const app = await this.openApp();
    const actor = await taskActor(app, flags.user);
    const task = await (await app.tasks()).service.cancel(actor, args.id);
    this.print(taskJson(task), () => taskText(task));
  }
}
