/** Takes away old backups. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { recordAct } from '../../cli/record-act.ts';

export default class BackupPrune extends BaseCommand {
  static override summary = 'Take away all but the newest backups in BACKUP_DIR.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --keep 3 --dry-run',
  ];
  static override flags = {
    keep: Flags.integer({ description: 'How many stay; else BACKUP_KEEP.', min: 1 }),
    'dry-run': Flags.boolean({ description: 'Only say which would go.', default: false }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupPrune);
    const app = await this.openApp();
    await permittedUser(app, undefined, 'backup.manage');
    const { service } = await app.backups();
    const gone = await service.prune(flags.keep ?? app.settings.get('BACKUP_KEEP'), flags['dry-run']);
    if (!flags['dry-run']) {
      for (const file of gone) await recordAct(app, 'backup.delete', { target: file });
    }
    this.print({ removed: gone, dry_run: flags['dry-run'] }, () =>
      gone.length === 0 ? 'Nothing to take away.' : gone.join('\n'),
    );
  }
}
