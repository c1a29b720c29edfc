/** Tries a tool in its wall. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { languageOf, trialReport } from '../../cli/tool-check.ts';
import { readToolSource } from '../../cli/tool-source.ts';
import { ERROR_KINDS } from '../../core/kernel/errors.ts';

export default class ToolTest extends BaseCommand {
  static override summary = 'Load a tool inside the wall, with nothing granted, and run its examples.';
  static override description = 'TOOL is a file, or the name of a tool. Exit code 10 when it is not fit.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> ./my_tool.ts',
    '<%= config.bin %> <%= command.id %> dice',
  ];
  static override args = { tool: Args.string({ description: 'A file or a name.', required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolTest);
    const tools = await (await this.openApp()).tools();
    const { source, file } = await readToolSource(tools.admin, args.tool);
    const examined = await tools.examine({ source, language: languageOf(file) }, { signal: this.signal });
    const { verdict, reason, description, findings, trials } = examined;
    if (verdict === 'failed') process.exitCode = ERROR_KINDS['data-invalid'].exitCode;
    const name = description?.name ?? args.tool;
    const json = { name, verdict, reason, permissions: description?.permissions ?? null, findings, trials };
    this.print(json, () => trialReport(name, examined));
  }
}
