import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { printErr } from '../../cli/print.ts';
import { setConfigValue } from '../../core/config/config-file.ts';
import { describeOutranked, prepareChange } from '../../core/config/prepare-change.ts';

export default class ConfigSet extends BaseCommand {
  static override summary = 'Change a setting in config.json.';
  static override description = 'The version before is kept: see claw config history and undo. Secrets are refused.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> MAX_TOKENS 8192',
    '<%= config.bin %> <%= command.id %> FALLBACK_MODELS "openai/NAME, offline"',
  ];
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the setting.' }),
    value: Args.string({ required: true, ignoreStdin: true, description: 'Its value; a list as a, b, c.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigSet);
    const app = await this.openApp();
    const { config } = app;
    const { name, value, isUnknown, hint } = prepareChange(args.name, args.value);
    await setConfigValue(config.paths, name, value);
    await recordAct(app, 'config.set', { target: name, detail: { value: JSON.stringify(value) } });
    this.print({ name, value }, () => `${name} is ${JSON.stringify(value)} now.`);
    if (isUnknown)
      printErr(
        `${name} is no setting of this version: it is kept, and has no effect. ${hint ?? 'See "claw config list".'}`,
      );
    config.reload();
    const outranked = describeOutranked(config.unchecked(), name);
    if (outranked !== undefined) printErr(outranked);
  }
}
