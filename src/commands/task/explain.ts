/** Says why a task ran, or did not. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { readInstant } from '../../cli/schedule-flags.ts';
import { taskActor } from '../../cli/task-report.ts';
import { runJson } from '../../core/tasks/task-json.ts';

export default class TaskExplain extends BaseCommand {
  static override summary = 'Say why a task ran or did not, now or at an instant.';
  static override examples = ['<%= config.bin %> <%= command.id %> morning-news --at 2026-03-08T07:30:00Z'];
  static override args = { id: Args.string({ description: 'Its id.', required: true }) };
  static override flags = {
    at: Flags.string({ description: 'The due instant that is asked about.' }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(TaskExplain);
    const app = await this.openApp();
    const at = flags.at === undefined ? undefined : readInstant(flags.at);
    const { service } = await app.tasks();
    const { task, run, text } = await service.explain(await taskActor(app, flags.user), args.id, at);
    const json = { id: task.name, state: task.state, explanation: text, run: run === undefined ? null : runJson(run) };
    this.print(json, () => text);
  }
}
