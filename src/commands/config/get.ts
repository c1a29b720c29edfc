import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { storedSecretNames } from '../../cli/stored-secret-names.ts';
import { describeSetting, valueInWords } from '../../core/config/describe-settings.ts';
import { requireSetting } from '../../core/config/prepare-change.ts';
import { settingOf } from '../../core/config/settings-table.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class ConfigGet extends BaseCommand {
  static override summary = 'Show one setting.';
  static override description = 'Prints the value in force, or an empty line when there is none. A secret is hidden.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> MAX_TOKENS',
    '<%= config.bin %> <%= command.id %> LLM_MODEL --json',
  ];
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the setting.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigGet);
    const app = await this.openApp();
    const name = requireSetting(args.name);
    const stored = settingOf(name).secret ? await storedSecretNames(app) : new Set<string>();
    const shown = describeSetting(app.config.unchecked(), name, stored);
    if (shown.error !== undefined) throw new ClawError('config-invalid', shown.error, { hint: shown.description });
    this.print(shown, () => valueInWords(shown.value));
  }
}
