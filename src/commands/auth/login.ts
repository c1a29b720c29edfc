import { Args, Flags } from '@oclif/core';
import { signedInText } from '../../cli/account-report.ts';
import { keepKey, KEY_OF } from '../../cli/auth-key.ts';
import { LOGIN_FLAGS, STEP_FLAGS } from '../../cli/auth-flags.ts';
import { beginLogin, loginOrAgree } from '../../cli/auth-login.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { accountNamed, ACCOUNT_NAMES } from '../../core/accounts/account-provider.ts';

export default class AuthLogin extends BaseCommand {
  static override summary = 'Log in to a subscription or platform, or keep the API key of a provider.';
  static override description =
    'Subscriptions: shows an address to open and takes the code that comes back. API keys (openai, anthropic, google) are typed without being shown, or read from stdin. Codex: claw auth login codex.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> claude --accept-risk',
    '<%= config.bin %> <%= command.id %> threads --print-url',
    '<%= config.bin %> <%= command.id %> openai < key.txt',
  ];
  static override args = {
    provider: Args.string({
      required: true,
      ignoreStdin: true,
      options: [...ACCOUNT_NAMES, ...Object.keys(KEY_OF)],
      description: 'Where to log in.',
    }),
    file: Args.string({ ignoreStdin: true, description: 'With --import: the file; CLAUDE_CREDENTIALS_FILE if none.' }),
  };
  static override flags = {
    ...LOGIN_FLAGS,
    ...STEP_FLAGS,
    env: Flags.boolean({ description: 'Keep the token of threads or instagram in the .env of the home too.' }),
    import: Flags.boolean({ description: 'Take over the log-in of the Claude CLI, and renew it in its file.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(AuthLogin);
    const app = await this.openApp();
    if (KEY_OF[args.provider] !== undefined) {
      const kept = await keepKey(app, args.provider);
      this.print(kept, () => `${kept.name} is kept (${kept.source}).`);
      return;
    }
    if (flags['print-url']) {
      const start = await beginLogin(app, accountNamed(args.provider));
      return this.print(start, () => [start.url, start.user_code ?? []].flat().join('\n'));
    }
    const view = await loginOrAgree(app, args, flags, this.signal);
    const account = await (await app.accounts()).json(view);
    this.print(account, () => signedInText(account));
  }
}
