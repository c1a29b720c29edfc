/** Shows a request for approval. */
import { Args } from '@oclif/core';
import { approvalText } from '../../cli/approval-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { approvalJson } from '../../core/conversations/approval-json.ts';

export default class ApprovalShow extends BaseCommand {
  static override summary = 'Show all there is to see before deciding on an act.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ApprovalShow);
    const app = await this.openApp();
    const row = await (await app.approvals()).find(args.id);
    const now = app.clock.now();
    this.print({ ...approvalJson(row, now), detail: row.detail }, () => approvalText(row, now));
  }
}
