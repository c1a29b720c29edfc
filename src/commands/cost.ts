/** Shows what was spent. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { costText } from '../cli/cost-report.ts';
import { costJson } from '../core/spending/cost-json.ts';
import type { CostGroup } from '../core/store/costs-table.ts';

export default class Cost extends BaseCommand {
  static override summary = 'Show tokens and money spent on models.';
  static override description =
    'Every model call counts, failed and interrupted ones too. A call without a known price is listed as unpriced, never as free. Days begin at midnight in TIMEZONE. By tool a call counts for each tool whose results it read. Who is no admin sees their own.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --by model --days 7 --json',
    '<%= config.bin %> <%= command.id %> --from 2026-01-01 --to 2026-01-31',
  ];
  static override flags = {
    by: Flags.string({
      description: 'What to group by.',
      options: ['day', 'user', 'model', 'tool', 'room', 'task', 'conversation'] as const,
      default: 'day',
    }),
    days: Flags.integer({
      description: 'How many days back, the last one included.',
      default: 30,
      min: 1,
      max: 3650,
      exclusive: ['from'],
    }),
    from: Flags.string({ description: 'First day, as YYYY-MM-DD.' }),
    to: Flags.string({ description: 'Last day, as YYYY-MM-DD; today when not given.' }),
    user: Flags.string({ description: 'Ask as this user instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Cost);
    const app = await this.openApp();
    const { by, days, from, to, user } = flags;
    const report = await (await app.costs()).report(await app.actor(user), { by: by as CostGroup, days, from, to });
    this.print(
      report.lines.map((line) => costJson(by, line)),
      () => costText(by, report, this.texts),
    );
  }
}
