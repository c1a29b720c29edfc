/** Puts a backup back. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { anyPassphrase, passphraseFlag, progressOn } from '../../cli/backup-flags.ts';
import { confirm } from '../../cli/confirm.ts';
import { recordAct } from '../../cli/record-act.ts';

export default class BackupRestore extends BaseCommand {
  static override summary = 'Put a backup in the place of the home; what was there is kept.';
  static override description =
    'The backup is proved first, as by `claw backup verify`. What was there goes to a folder .before-restore-… of the home. Without secrets in the backup the home keeps its own. The copy that an upgrade left, before-migration-….db, puts the database of before back.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> claw-20260102T030405Z.tar.zst',
    '<%= config.bin %> <%= command.id %> /mnt/usb/claw.tar.zst --home ~/new-home --yes',
  ];
  static override args = { file: Args.string({ description: 'Its path, or its name in BACKUP_DIR.', required: true }) };
  static override flags = {
    'passphrase-file': passphraseFlag,
    yes: Flags.boolean({ description: 'Do not ask.', default: false }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BackupRestore);
    const app = await this.openApp();
    const { service } = await app.backups();
    const file = await service.find(args.file);
    await confirm(`Replace what is in ${app.paths.home} by the backup ${file}?`, flags.yes, this.texts);
    const { done, ...progress } = progressOn(process.stderr);
    const passphrase = () => anyPassphrase(app, flags['passphrase-file']);
    const restored = await service.restore(file, { passphrase, signal: this.signal, ...progress }).finally(done);
    await recordAct(app, 'backup.restore', {
      target: file,
      detail: { sha256: restored.sha256, before: restored.before },
    });
    const kept = restored.before === null ? '' : ` What was there is in ${restored.before}.`;
    this.print(restored, () => `Restored: ${restored.files} files, ${restored.rows} rows.${kept}`);
  }
}
