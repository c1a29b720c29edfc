/** Logs in to a Claude subscription in two steps that may be apart: the address now, the code later. */
import { Flags } from '@oclif/core';
import { signedInText } from '../../cli/account-report.ts';
import { LOGIN_FLAGS } from '../../cli/auth-flags.ts';
import { loginWish, signInByHand } from '../../cli/auth-login.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class AuthPkce extends BaseCommand {
  static override summary = 'Log in to a Claude subscription by a code from the browser.';
  static override description =
    'Without flags: shows the address and asks for the code. With --print-url and --code the two steps may be apart; the code must come within ten minutes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --print-url --json',
    "<%= config.bin %> <%= command.id %> --code 'CODE#STATE' --accept-risk",
  ];
  static override flags = {
    ...LOGIN_FLAGS,
    'print-url': Flags.boolean({
      description: 'Print the address to open, and wait for nothing.',
      exclusive: ['code'],
    }),
    code: Flags.string({ description: 'What came back: CODE#STATE, or the whole address you were sent to.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthPkce);
    const app = await this.openApp();
    const { service, json } = await app.accounts();
    if (flags['print-url']) {
      requirePermission(await app.actor(), 'account.manage');
      const { url, expiresAt } = await service.startLogin('claude');
      this.print({ url, expires_at: new Date(expiresAt).toISOString() }, () => url);
      return;
    }
    const wish = await loginWish(app, 'claude', flags);
    const { code } = flags;
    const view = await (code === undefined
      ? signInByHand(app, 'claude', wish, this.signal)
      : service.endLogin('claude', code, wish).then((end) => end.view));
    if (view === undefined) throw new ClawError('auth-missing', 'The log-in is not done yet.');
    const account = await json(view);
    this.print(account, () => signedInText(account));
  }
}
