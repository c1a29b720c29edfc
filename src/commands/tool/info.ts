/** Shows one tool. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { toolReport } from '../../cli/tool-report.ts';

export default class ToolInfo extends BaseCommand {
  static override summary =
    'Show a tool: what it does and may do, what was noticed in it, what changed, and its source.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> dice',
    '<%= config.bin %> <%= command.id %> dice --version 2',
  ];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = {
    version: Flags.integer({ description: 'A version of it (default: the one in use, or the newest).', min: 1 }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolInfo);
    const { admin } = await (await this.openApp()).tools();
    const report = await toolReport(admin, args.name, flags.version);
    this.print(report.json, () => report.text);
  }
}
