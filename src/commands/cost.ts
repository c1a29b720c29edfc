/** Shows what was spent. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { money } from '../cli/money.ts';
import { table } from '../cli/table.ts';

const DAY_MS = 86_400_000;

export default class Cost extends BaseCommand {
  static override summary = 'Show tokens and money spent on models.';
  static override description =
    'Every model call counts, failed and interrupted ones too. A call without a known price is listed as unpriced, never as free. Days are UTC.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --by model --days 7 --json',
  ];
  static override flags = {
    by: Flags.string({ description: 'What to group by.', options: ['day', 'user', 'model'] as const, default: 'day' }),
    days: Flags.integer({ description: 'How many days back.', default: 30, min: 1, max: 3650 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Cost);
    const app = await this.openApp();
    const since = app.clock.now() - flags.days * DAY_MS;
    const by = flags.by as 'day' | 'user' | 'model';
    const rows = (await (await app.store()).journal.costs(by, since)).map((row) => ({
      [by]: row.key,
      calls: row.calls,
      input_tokens: row.input_tokens,
      output_tokens: row.output_tokens,
      cached_tokens: row.cached_tokens,
      cost_usd: row.cost_micro_usd / 1e6,
      unpriced_calls: row.unpriced_calls,
    }));
    const total = rows.reduce((sum, row) => sum + row.cost_usd, 0);
    this.print(rows, () =>
      rows.length === 0
        ? `Nothing was spent in the last ${flags.days} days.`
        : `${table(rows.map((row) => ({ ...row, cost_usd: money(row.cost_usd) })))}\n\nTotal: ${money(total)}`,
    );
  }
}
