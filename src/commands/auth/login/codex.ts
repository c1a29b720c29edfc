import { BaseCommand } from '../../../cli/base-command.ts';
import { recordAct } from '../../../cli/record-act.ts';
import { codexStatus, loginCodex } from '../../../core/wiring/codex.ts';

export default class AuthLoginCodex extends BaseCommand {
  static override summary = 'Sign the Codex CLI in to ChatGPT, by its own log-in with a code.';
  static override description =
    'Runs "codex login --device-auth" in this terminal. The CLI keeps and renews its log-in itself; claw only looks at it.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<void> {
    await this.parse(AuthLoginCodex);
    const app = await this.openApp();
    await loginCodex(app.config, app.paths.home, this.signal);
    await recordAct(app, 'account.login', { target: 'codex' });
    const { state, file, expiresAt = null } = await codexStatus(app.config, app.clock.now());
    this.print({ name: 'codex', state, expires_at: expiresAt, source: file }, () => `Codex is ${state}, by ${file}.`);
  }
}
