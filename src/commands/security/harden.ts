/** Applies what makes this installation safer and can be taken back. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { recordAct } from '../../cli/record-act.ts';
import { hardenText } from '../../cli/security-report.ts';
import { forHome } from '../../core/doctor/command-text.ts';
import { serverSide } from '../../serve/doctor-facts.ts';

export default class SecurityHarden extends BaseCommand {
  static override summary = 'Apply what the security audit can mend by itself.';
  static override description =
    'Settings that are too open go back to what is safe, in one change of config.json that one "claw config undo" takes back, and modes of files are narrowed. A copy of the database and the settings is kept first. Secrets, people and packages of the system are left to you.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes',
  ];
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Only say what would change.', default: false }),
    yes: Flags.boolean({ description: 'Do not ask.', default: false }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(SecurityHarden);
    const app = await this.openApp();
    const security = await app.security(serverSide(app, this.config.version));
    const isTrial = flags['dry-run'];
    if (!isTrial)
      await confirm(`Harden ${app.paths.home}? "claw security harden --dry-run" shows what changes.`, flags.yes);
    const found = await security.harden(isTrial);
    const report = { ...found, undo: found.undo === null ? null : forHome(found.undo, flags.home) };
    const changed = report.changes.map(({ name }) => name);
    if (!isTrial && changed.length > 0) await recordAct(app, 'security.harden', { detail: { changed } });
    this.print(report, () => hardenText(report));
  }
}
