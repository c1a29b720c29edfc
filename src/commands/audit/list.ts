/** Lists rows of the audit trail. */
import { Flags } from '@oclif/core';
import { auditFilter, auditFilterFlags } from '../../cli/audit-flags.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { auditJson } from '../../core/audit/audit-service.ts';

export default class AuditList extends BaseCommand {
  static override summary = 'Show who did what, newest first.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --since 7d',
    '<%= config.bin %> <%= command.id %> --user alice --action "approval.*" --json',
  ];
  static override flags = {
    ...auditFilterFlags,
    limit: Flags.integer({ description: 'At most so many rows.', default: 50, min: 1, max: 10_000 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuditList);
    const app = await this.openApp();
    const rows = (await (await app.audit()).list(auditFilter(flags, app.clock.now()), flags.limit)).map(auditJson);
    this.print(rows, () =>
      rows.length === 0
        ? this.texts.cli.none.audit
        : table(
            rows.map(({ seq, at, username, via, from, action, target, outcome }) => ({
              seq,
              at,
              who: username,
              from: via === from ? via : `${via} ${from}`,
              action,
              target,
              outcome,
            })),
            this.texts,
          ),
    );
  }
}
