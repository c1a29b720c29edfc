/** Says how each log-in is; never a token. */
import { accountsText } from '../../cli/account-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { requirePermission } from '../../core/access/permissions.ts';

export default class AuthStatus extends BaseCommand {
  static override summary = 'Say how each log-in is: state, expiry, next refresh, and what calls are made with.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(AuthStatus);
    const app = await this.openApp();
    requirePermission(await app.actor(), 'account.manage');
    const accounts = await (await app.accounts()).status();
    this.print(accounts, () => accountsText(accounts, this.texts));
  }
}
