import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { unsetConfigValue } from '../../core/config/config-file.ts';
import { settingNamed } from '../../core/config/prepare-change.ts';

export default class ConfigUnset extends BaseCommand {
  static override summary = 'Take a setting out of config.json, so that its default holds.';
  static override examples = ['<%= config.bin %> <%= command.id %> MAX_TOKENS'];
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the setting.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigUnset);
    const app = await this.openApp();
    const name = settingNamed(args.name) ?? args.name;
    const changed = await unsetConfigValue(app.paths, name);
    if (changed) await recordAct(app, 'config.unset', { target: name });
    this.print({ name, changed }, () =>
      changed ? `${name} is out of config.json.` : `${name} was not in config.json.`,
    );
  }
}
