/** Lists the backups. */
import { BaseCommand } from '../../cli/base-command.ts';
import { megabytes } from '../../cli/backup-flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { table } from '../../cli/table.ts';
import { backupJson } from '../../core/backup/backup-json.ts';

export default class BackupList extends BaseCommand {
  static override summary = 'List the backups in BACKUP_DIR, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(BackupList);
    const app = await this.openApp();
    await permittedUser(app, undefined, 'backup.manage');
    const found = (await (await app.backups()).service.list()).map(backupJson);
    const rows = found.map(({ created_at: made, bytes, encrypted, file }) => ({
      made,
      size: megabytes(bytes),
      encrypted: encrypted ? 'yes' : 'no',
      file,
    }));
    this.print(found, () => (found.length === 0 ? this.texts.cli.none.backups : table(rows, this.texts)));
  }
}
