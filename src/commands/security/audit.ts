/** Judges how safe this installation is. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { auditForHome, auditText } from '../../cli/security-report.ts';
import { SEVERITIES } from '../../core/doctor/security/finding.ts';
import { serverSide } from '../../serve/doctor-facts.ts';

export default class SecurityAudit extends BaseCommand {
  static override summary = 'Judge how safe this installation is: a score from 0 to 100, and every finding.';
  static override description =
    'Each finding has an id that stays, a severity, and where there is one the command that mends it. docs/security.md lists them and tells how the score is made. Exit code 10 with --fail-on and a finding of that severity or a worse one, else 0.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json --fail-on high',
  ];
  static override flags = {
    'fail-on': Flags.string({ description: 'Exit with 10 for this severity and worse.', options: [...SEVERITIES] }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(SecurityAudit);
    const app = await this.openApp();
    const security = await app.security(serverSide(app, this.config.version));
    const report = auditForHome(await security.audit(), flags.home);
    this.print(report, () => auditText(report));
    const limit = SEVERITIES.findIndex((each) => each === flags['fail-on']);
    if (report.findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= limit)) process.exitCode = 10;
  }
}
