/** Resumes a task. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { taskActor, taskText } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';

export default class TaskResume extends BaseCommand {
  static override summary = 'Resume a task that is paused or disabled.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = {
    'catch-up': Flags.boolean({
      description: 'Treat what was due meanwhile by the misfire policy instead of skipping it.',
    }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskResume);
    const app = await this.openApp();
    const actor = await taskActor(app, flags.user);
    const task = await (await app.tasks()).service.resume(actor, args.id, flags['catch-up']);
    this.print(taskJson(task), () => taskText(task));
  }
}
