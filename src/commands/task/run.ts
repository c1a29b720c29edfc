/** Runs a task now. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { taskActor } from '../../cli/task-report.ts';
import { runJson } from '../../core/tasks/task-json.ts';

export default class TaskRun extends BaseCommand {
  static override summary = 'Run a task now and wait for it; its schedule stays as it is.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskRun);
    const app = await this.openApp();
    const { service, run } = await app.tasks();
    await (await app.secrets()).registerStored();
    const claimed = await service.claim(await taskActor(app, flags.user), args.id);
    await run(claimed, this.signal);
    const row = (await (await app.store()).tasks.run(claimed.run.id)) ?? claimed.run;
    if (row.state === 'failed') process.exitCode = 10;
    this.print(runJson(row), () => [`${row.state}: ${row.reason ?? ''}`, row.output ?? ''].join('\n').trim());
  }
}
