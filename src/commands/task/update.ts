/** Changes a task. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { scheduleFlags } from '../../cli/schedule-flags.ts';
import { given, readTaskFlags, taskFlags } from '../../cli/task-flags.ts';
import { taskActor, taskText } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';

export default class TaskUpdate extends BaseCommand {
  static override summary = 'Change what a task does or when.';
  static override examples = ['<%= config.bin %> <%= command.id %> news --schedule-value "30 9 * * 1-5"'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = { ...scheduleFlags, ...taskFlags, user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskUpdate);
    const app = await this.openApp();
    const { 'schedule-type': type, 'schedule-value': value, tz: zone } = flags;
    const when = { ...(type && { type }), ...given({ value, zone }) };
    const { service } = await app.tasks();
    const change = { ...when, ...readTaskFlags(flags) };
    const task = await service.update(await taskActor(app, flags.user), args.id, change);
    this.print(taskJson(task), () => taskText(task));
  }
}
