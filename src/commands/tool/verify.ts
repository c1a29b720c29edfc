/** Looks over what is installed. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { ERROR_KINDS } from '../../core/kernel/errors.ts';
import { safeText } from '../../core/kernel/terminal-text.ts';
import { verdictJson } from '../../core/marketplace/marketplace-json.ts';

export default class ToolVerify extends BaseCommand {
  static override summary =
    'Say of each installed package whether it is as it was signed: ok, tampered, missing or revoked.';
  static override description =
    'Without a name it looks at all of them. Nothing is asked of the network. Installing a package again puts back what was changed or lost. Exit code 10 when one is not ok.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> unit_converter --json',
  ];
  static override args = { name: Args.string({ description: 'The one to look at.' }) };
  static override flags = { all: Flags.boolean({ description: 'All of them; the same as no name.' }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolVerify);
    const verdicts = await (await (await this.openApp()).marketplace()).verify(args.name, this.signal);
    if (verdicts.some(({ status }) => status !== 'ok')) process.exitCode = ERROR_KINDS['data-invalid'].exitCode;
    const rows = verdicts.map(({ name, version, status, detail }) => ({ name, version, status, detail }));
    this.print(verdicts.map(verdictJson), () =>
      rows.length === 0 ? this.texts.cli.none.packages : safeText(table(rows, this.texts)),
    );
  }
}
