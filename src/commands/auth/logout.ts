/** Forgets a log-in or the API key of a provider, and says what remains elsewhere. */
import { Args } from '@oclif/core';
import { forgetKey, KEY_OF } from '../../cli/auth-key.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { doerOf } from '../../core/access/actor.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import { ACCOUNT_NAMES, isAccountName } from '../../core/accounts/account-provider.ts';

export default class AuthLogout extends BaseCommand {
  static override summary = 'Forget a log-in or an API key here, and say what remains elsewhere.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> claude',
    '<%= config.bin %> <%= command.id %> openai --json',
  ];
  static override args = {
    provider: Args.string({
      required: true,
      ignoreStdin: true,
      options: [...ACCOUNT_NAMES, ...Object.keys(KEY_OF)],
      description: 'Which one.',
    }),
  };

  async run(): Promise<void> {
    const { provider } = (await this.parse(AuthLogout)).args;
    const app = await this.openApp();
    const actor = await app.actor();
    requirePermission(actor, 'account.manage');
    const remains = isAccountName(provider)
      ? await (await app.accounts()).service.logout(provider, doerOf(actor))
      : await forgetKey(app, provider);
    this.print({ account: provider, removed: true, remains }, () => [`Forgot ${provider}.`, ...remains].join('\n'));
  }
}
