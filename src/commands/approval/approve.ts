/** Agree to an act, for once or for longer. */
import { Args, Flags } from '@oclif/core';
import { approvalText } from '../../cli/approval-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { approvalJson } from '../../core/conversations/approval-json.ts';
import type { ApprovalScope } from '../../core/store/schema.ts';

export default class ApprovalApprove extends BaseCommand {
  static override summary = 'Agree to an act, for once or for longer.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 019aa0f3',
    '<%= config.bin %> <%= command.id %> 019aa0f3 --scope pattern --hours 2',
  ];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = {
    scope: Flags.string({
      description:
        'How far the yes goes: this very act once, in this conversation, everything like it for some hours, or this very act always.',
      options: ['once', 'conversation', 'pattern', 'always'],
      default: 'once',
    }),
    hours: Flags.integer({ description: 'Hours that --scope pattern lasts.', default: 8, min: 1, max: 720 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ApprovalApprove);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    const decision = {
      isApproved: true,
      scope: flags.scope as ApprovalScope,
      forMs: flags.hours * 3_600_000,
      by: user.id,
    };
    const row = await (await app.approvals()).decide(args.id, decision);
    const now = app.clock.now();
    this.print(approvalJson(row, now), () => approvalText(row, now));
  }
}
