/** Makes a task. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { readScheduleFlags, scheduleFlags, zoneOf } from '../../cli/schedule-flags.ts';
import { given, readTaskFlags, taskFlags } from '../../cli/task-flags.ts';
import { taskActor, taskText } from '../../cli/task-report.ts';
import { taskJson } from '../../core/tasks/task-json.ts';
import { parseInput } from '../../cli/tool-run.ts';

export default class TaskCreate extends BaseCommand {
  static override summary = 'Make a task that runs by a schedule, while `claw serve` runs.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --id news --prompt "What is new?" \\\n  --schedule-type cron --schedule-value "0 9 * * 1-5" --tz Asia/Seoul',
    '<%= config.bin %> <%= command.id %> --group tg:-100123 --tool weather \\\n  --schedule-type interval --schedule-value 90m',
  ];
  static override flags = {
    id: Flags.string({ description: 'Its id (default: made up).' }),
    group: Flags.string({ description: 'Chat that gets the answers: tg:-100123, dc:123 or slack:C0123.' }),
    tool: Flags.string({ description: 'Tool to run instead of asking the assistant.' }),
    input: Flags.string({ description: 'Input of the tool, one JSON object.', default: '{}', helpValue: 'JSON' }),
    gate: Flags.string({ description: 'Tool that decides each time whether it runs: {"wake": false} is a no.' }),
    'allow-past': Flags.boolean({ description: 'Take a time in the past: it runs at once.' }),
    'allow-gap': Flags.boolean({ description: 'Take a time that the clock skips: it moves on by the gap.' }),
    ...scheduleFlags,
    ...taskFlags,
    user: userFlag,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TaskCreate);
    const app = await this.openApp();
    const { id, group: chatId, tool, gate } = flags;
    const { service } = await app.tasks();
    const named = given({ id, chatId, tool, gate });
    const allows = { allowsPast: flags['allow-past'], allowsGap: flags['allow-gap'] };
    const when = { ...readScheduleFlags(flags), zone: zoneOf(app, flags.tz), ...allows };
    const input = { ...named, ...when, ...readTaskFlags(flags), toolInput: await parseInput(flags.input) };
    const task = await service.create(await taskActor(app, flags.user), input);
    this.print(taskJson(task), () => taskText(task));
  }
}
