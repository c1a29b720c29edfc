/** Checks a file statically. */
import { readFile } from 'node:fs/promises';
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { checkReport, languageOf } from '../../cli/tool-check.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { readSource } from '../../core/tools/source/read-source.ts';

export default class ToolCheck extends BaseCommand {
  static override summary = 'Read a tool without running it and say what stands out.';
  static override description =
    'The findings are hints for whoever reads the source; the wall holds without them. Exit code 1 when there are any.';
  static override examples = ['<%= config.bin %> <%= command.id %> ./my_tool.ts'];
  static override args = { file: Args.string({ description: 'A .ts or .js file.', required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolCheck);
    const source = await readFile(args.file, 'utf8').catch((error: unknown) => {
      throw new ClawError('not-found', `${args.file} cannot be read.`, { hint: 'Name a file.', cause: error });
    });
    const { findings } = await readSource({ source, language: languageOf(args.file) }, this.signal);
    if (findings.length > 0) process.exitCode = 1;
    this.print({ file: args.file, ok: findings.length === 0, findings }, () => checkReport(args.file, findings));
  }
}
