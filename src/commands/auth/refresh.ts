/** Renews log-ins. */
import { Args } from '@oclif/core';
import { accountsText } from '../../cli/account-report.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { doerOf } from '../../core/access/actor.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { ACCOUNT_NAMES, isAccountName } from '../../core/accounts/account-provider.ts';

export default class AuthRefresh extends BaseCommand {
  static override summary = 'Renew a log-in now, or without a name those that are due.';
  static override description =
    'The server renews by itself: Claude five minutes before the end, Threads and Instagram seven days before it and never sooner. Exit code 4: it needs a new log-in; 8: the service could not be reached, and the log-in is kept.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> claude --json',
  ];
  static override args = {
    provider: Args.string({ ignoreStdin: true, options: [...ACCOUNT_NAMES], description: 'Which log-in.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(AuthRefresh);
    const app = await this.openApp();
    const actor = await app.actor();
    requirePermission(actor, 'account.manage');
    const { service, refresher, status, json } = await app.accounts();
    if (args.provider !== undefined && isAccountName(args.provider)) {
      const account = await json(await service.refresh(args.provider, doerOf(actor)));
      this.print(account, () => accountsText([account]));
      return;
    }
    // Tokens that people put into the .env are taken over with it.
    await service.list();
    await refresher.refreshDue();
    const accounts = await status();
    this.print(accounts, () => accountsText(accounts, this.texts));
    if (accounts.some(({ failed_refreshes }) => failed_refreshes > 0)) process.exitCode = 8;
  }
}
