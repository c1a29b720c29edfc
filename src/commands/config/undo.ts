import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { undoConfig } from '../../core/config/config-file.ts';

export default class ConfigUndo extends BaseCommand {
  static override summary = 'Take back the last change of config.json, or go back to an earlier version.';
  static override description =
    'Run it again to go back further. What is replaced stays in the home as run/config-history/undone.json.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> 12'];
  static override args = {
    version: Args.integer({
      min: 1,
      ignoreStdin: true,
      description: 'A version of claw config history; the newest when not given.',
    }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ConfigUndo);
    const app = await this.openApp();
    const { version, changed } = await undoConfig(app.paths, args.version);
    await recordAct(app, 'config.undo', { target: `version ${version}`, detail: { changed: [...changed] } });
    const what = changed.length === 0 ? '' : `: ${changed.join(', ')}`;
    this.print({ version, changed }, () => `config.json is version ${version} again${what}.`);
  }
}
