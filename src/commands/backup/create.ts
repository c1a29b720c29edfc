/** Makes a backup. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { megabytes, passphraseFlag, progressOn, storedPassphrase } from '../../cli/backup-flags.ts';
import { permittedUser } from '../../cli/permitted-user.ts';
import { printErr } from '../../cli/print.ts';
import { recordAct } from '../../cli/record-act.ts';

export default class BackupCreate extends BaseCommand {
  static override summary = 'Write everything of the home into one file, while it is in use.';
  static override description =
    'The file is a tar archive compressed with zstd; with a pass-phrase it is encrypted. Secrets are in it only when it is encrypted and --include-secrets is given.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --output /mnt/usb/claw.tar.zst --json',
  ];
  static override flags = {
    output: Flags.string({ description: 'File to write; else one in BACKUP_DIR.', helpValue: 'FILE' }),
    'passphrase-file': passphraseFlag,
    'include-secrets': Flags.boolean({ description: 'Secrets too; needs a pass-phrase.', default: false }),
    scheduled: Flags.boolean({
      description: 'As the server does: takes away old ones afterwards.',
      hidden: true,
      default: false,
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(BackupCreate);
    const app = await this.openApp();
    await permittedUser(app, undefined, 'backup.manage');
    const { service, afterwards } = await app.backups();
    const passphrase = await storedPassphrase(app, flags['passphrase-file']);
    const { done, ...progress } = progressOn(process.stderr);
    const includeSecrets = flags['include-secrets'] || (passphrase !== undefined && app.settings.get('BACKUP_SECRETS'));
    const options = { passphrase, includeSecrets, scheduled: flags.scheduled, signal: this.signal, ...progress };
    const file = flags.output === undefined ? {} : { file: flags.output };
    const made = await service.create({ ...options, ...file }).finally(done);
    await recordAct(app, 'backup.create', { target: made.file, detail: { sha256: made.sha256, bytes: made.bytes } });
    for (const path of made.skipped) printErr(`Left out, because it is no file: ${path}`);
    if (flags.scheduled) await service.prune(app.settings.get('BACKUP_KEEP'));
    await afterwards(made.file, this.signal);
    this.print(made, () => `${made.file}\n${megabytes(made.bytes)}, ${made.files} files, sha256 ${made.sha256}`);
  }
}
