import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { printErr } from '../../cli/print.ts';
import { storedSecretNames } from '../../cli/stored-secret-names.ts';
import { table } from '../../cli/table.ts';
import { describeSettings, valueInWords } from '../../core/config/describe-settings.ts';

export default class ConfigList extends BaseCommand {
  static override summary = 'List the settings in force and where each comes from.';
  static override description =
    'Secrets are never shown. Without --all, the text leaves out settings at their default.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --all --json',
  ];
  static override flags = {
    all: Flags.boolean({ description: 'Show every setting (JSON always does).' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigList);
    const app = await this.openApp();
    const settings = app.config.unchecked();
    const list = describeSettings(settings, await storedSecretNames(app));
    this.print(list, () => {
      const shown = list.filter((each) => flags.all || each.source !== 'default');
      if (shown.length === 0) return 'Every setting is at its default. See them with: claw config list --all';
      return table(
        shown.map(({ name, value, source, place, error }) => ({
          name,
          value: error ?? valueInWords(value),
          from: place ?? source,
        })),
        this.texts,
      );
    });
    for (const remark of settings.remarks) printErr(remark);
  }
}
