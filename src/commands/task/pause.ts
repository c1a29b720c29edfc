/** Pauses a task. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { taskActor, taskText } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';

export default class TaskPause extends BaseCommand {
  static override summary = 'Pause a task: what is due meanwhile does not run.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskPause);
    const app = await this.openApp();
    const actor = await taskActor(app, flags.user);
    const task = await (await app.tasks()).service.pause(actor, args.id);
    this.print(taskJson(task), () => taskText(task));
  }
}
