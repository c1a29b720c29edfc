/** Refuse an act. */
import { Args } from '@oclif/core';
import { approvalText } from '../../cli/approval-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { approvalJson } from '../../core/conversations/approval-json.ts';

export default class ApprovalDeny extends BaseCommand {
  static override summary = 'Refuse an act.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ApprovalDeny);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    const decision = { isApproved: false, scope: 'once' as const, by: user.id };
    const row = await (await app.approvals()).decide(args.id, decision);
    const now = app.clock.now();
    this.print(approvalJson(row, now), () => approvalText(row, now));
  }
}
