/** Takes away what is older than it is kept. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { cleanupText } from '../cli/cleanup-text.ts';
import { permittedUser } from '../cli/permitted-user.ts';
import { reportJson } from '../core/retention/retention-json.ts';

export default class Cleanup extends BaseCommand {
  static override summary = 'Take away what is older than it is kept, as the server does every night.';
  static override description =
    'How long what is kept: the settings CONVERSATION_KEEP_DAYS, DELIVERY_KEEP_DAYS, RECORD_KEEP_DAYS, AUDIT_KEEP_DAYS, LOG_KEEP_DAYS. It may run while the server does. The database file becomes smaller only with --vacuum, for which the server has to be stopped.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --vacuum --json',
  ];
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Only say what would go.', default: false }),
    vacuum: Flags.boolean({
      description: 'Write the database anew afterwards, without free space in it.',
      default: false,
      exclusive: ['dry-run'],
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Cleanup);
    const app = await this.openApp();
    const user = await permittedUser(app, undefined, 'retention.manage');
    const service = await app.retention();
    if (flags.vacuum) await service.vacuum.check();
    const report = await service.run({ user, via: 'terminal' }, this.signal, flags['dry-run']);
    const freed = flags.vacuum ? await service.vacuum.run() : 0;
    const json = reportJson(report);
    this.print({ ...json, vacuum_bytes: freed }, () => cleanupText(json, freed));
  }
}
