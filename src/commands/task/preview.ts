/** Shows when a schedule would be due. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { readInstant, readScheduleFlags, scheduleFlags, zoneOf } from '../../cli/schedule-flags.ts';
import { scheduleInWords } from '../../core/tasks/in-words.ts';
import { readSchedule } from '../../core/tasks/schedule.ts';
import { upcoming } from '../../core/tasks/upcoming.ts';

export default class TaskPreview extends BaseCommand {
  static override summary = 'Show when a schedule would be due, without making a task of it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --schedule-type cron --schedule-value "0 9 * * 1-5" \\\n  --tz Asia/Seoul --count 5',
  ];
  static override flags = {
    ...scheduleFlags,
    from: Flags.string({ description: 'Instant to look from (default: now).' }),
    count: Flags.integer({ description: 'How many.', default: 5, min: 1, max: 1000 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(TaskPreview);
    const schedule = readScheduleFlags(flags);
    const app = await this.openApp();
    const zone = zoneOf(app, flags.tz);
    const anchor = flags.from === undefined ? app.clock.now() : readInstant(flags.from);
    const spec = { ...schedule, zone, anchor };
    const due = upcoming(readSchedule(spec), anchor, flags.count).map((at) => new Date(at).toISOString());
    this.print(due, () => [scheduleInWords(spec), ...due].join('\n'));
  }
}
