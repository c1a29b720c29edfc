/** Shows one tool. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { packageReport } from '../../cli/package-report.ts';
import { toolReport } from '../../cli/tool-report.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class ToolInfo extends BaseCommand {
  static override summary =
    'Show a tool: what it does and may do, what was noticed in it, what changed, and its source.';
  static override description = 'A tool that is not here is looked for in the registries.';
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
    const app = await this.openApp();
    const { admin } = await app.tools();
    const report = await toolReport(admin, args.name, flags.version).catch(async (error: unknown) => {
      if (!(error instanceof ClawError) || error.code !== 'not-found' || flags.version !== undefined) throw error;
      return packageReport(await app.marketplace(), args.name, this.signal);
    });
    this.print(report.json, () => report.text);
  }
}
