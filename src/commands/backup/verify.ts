/** Proves a backup. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { anyPassphrase, passphraseFlag, progressOn } from '../../cli/backup-flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { recordAct } from '../../cli/record-act.ts';

export default class BackupVerify extends BaseCommand {
  static override summary = 'Prove a backup by restoring it aside and looking at every page of its database.';
  static override description =
    'Exit code 10 when anything is wrong with it. That it was proved is written into the audit trail; nothing else of the home is changed.';
  static override examples = ['<%= config.bin %> <%= command.id %> claw-20260102T030405Z.tar.zst'];
  static override args = { file: Args.string({ description: 'Its path, or its name in BACKUP_DIR.', required: true }) };
  static override flags = { 'passphrase-file': passphraseFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(BackupVerify);
    const app = await this.openApp();
    await permittedUser(app, undefined, 'backup.manage');
    const { service } = await app.backups();
    const { done, ...progress } = progressOn(process.stderr);
    const passphrase = () => anyPassphrase(app, flags['passphrase-file']);
    const options = { passphrase, signal: this.signal, ...progress };
    const proved = await service.verify(await service.find(args.file), options).finally(done);
    await recordAct(app, 'backup.verify', { target: proved.file, detail: { sha256: proved.sha256 } });
    this.print(
      { ok: true, ...proved },
      () => `The backup is whole: ${proved.files} files, ${proved.rows} rows, schema ${proved.schema}.`,
    );
  }
}
