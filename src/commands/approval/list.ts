/** Lists requests for approval. */
import { Flags } from '@oclif/core';
import { approvalRow } from '../../cli/approval-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { approvalJson } from '../../core/conversations/approval-json.ts';

export default class ApprovalList extends BaseCommand {
  static override summary = 'List the acts that wait for a yes or no.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];
  static override flags = { all: Flags.boolean({ description: 'Also those that were answered or have lapsed.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(ApprovalList);
    const app = await this.openApp();
    const rows = await (await app.approvals()).list({ all: flags.all });
    const now = app.clock.now();
    this.print(
      rows.map((row) => approvalJson(row, now)),
      () =>
        rows.length === 0
          ? this.texts.cli.none.approvals
          : table(
              rows.map((row) => approvalRow(row, now)),
              this.texts,
            ),
    );
  }
}
