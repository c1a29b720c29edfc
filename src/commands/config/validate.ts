import { BaseCommand } from '../../cli/base-command.ts';
import { printErr } from '../../cli/print.ts';

export default class ConfigValidate extends BaseCommand {
  static override summary = 'Check every setting in every place; exit code 3 when one is wrong.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(ConfigValidate);
    const { config } = await this.openApp();
    const { problems, remarks } = config.unchecked();
    const [first] = problems;
    this.print(
      {
        valid: first === undefined,
        problems: problems.map(({ code, message, hint = null }) => ({ code, message, hint })),
        remarks,
      },
      () => (first === undefined ? 'All settings are right.' : problems.map(({ message }) => message).join('\n')),
    );
    for (const remark of remarks) printErr(remark);
    if (first !== undefined) process.exitCode = first.exitCode;
  }
}
