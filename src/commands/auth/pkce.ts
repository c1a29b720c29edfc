/** Logs in to a Claude subscription in two steps that may be apart: the address now, the code later. */
import { signedInText } from '../../cli/account-report.ts';
import { LOGIN_FLAGS, STEP_FLAGS } from '../../cli/auth-flags.ts';
import { beginLogin, endLogin, loginWish, signInByHand } from '../../cli/auth-login.ts';
import { BaseCommand } from '../../cli/base-command.ts';

export default class AuthPkce extends BaseCommand {
  static override summary = 'Log in to a Claude subscription by a code from the browser.';
  static override description =
    'Without flags: shows the address and asks for the code. With --print-url and --code the two steps may be apart; the code must come within ten minutes.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --print-url --json',
    "<%= config.bin %> <%= command.id %> --code 'CODE#STATE' --accept-risk",
  ];
  static override flags = { ...LOGIN_FLAGS, ...STEP_FLAGS };

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthPkce);
    const app = await this.openApp();
    if (flags['print-url']) {
      const start = await beginLogin(app, 'claude');
      this.print(start, () => start.url);
      return;
    }
    const wish = await loginWish(app, 'claude', flags);
    const { code } = flags;
    const view = await (code === undefined
      ? signInByHand(app, 'claude', wish, this.signal)
      : endLogin(app, 'claude', code, wish));
    const account = await (await app.accounts()).json(view);
    this.print(account, () => signedInText(account));
  }
}
