/** Takes a standing grant back. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { grantJson } from '../../core/conversations/approval-json.ts';

export default class ApprovalRevoke extends BaseCommand {
  static override summary = 'Take a standing grant back; the next such act is asked for again.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = {
    id: Args.string({ description: 'Id of the grant, or the beginning of it.', required: true }),
  };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ApprovalRevoke);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    const grant = await (await app.approvals()).revoke(args.id, user);
    this.print({ ...grantJson(grant), revoked: true }, () => `Revoked: ${grant.act}`);
  }
}
