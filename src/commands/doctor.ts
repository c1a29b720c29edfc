/** Checks the installation. */
import { BaseCommand } from '../cli/base-command.ts';

const MARKS = { ok: 'ok      ', warning: 'warning ', error: 'ERROR   ' };

export default class Doctor extends BaseCommand {
  static override summary = 'Check this installation; every finding names the command that mends it.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(Doctor);
    const app = await this.openApp();
    const results = await app.checkHealth();
    this.print(results, () =>
      results
        .flatMap(({ check, status, detail, fix }) => [
          `${MARKS[status]}${check}: ${detail}`,
          ...(fix === null ? [] : [`        -> ${fix}`]),
        ])
        .join('\n'),
    );
    if (results.some(({ status }) => status === 'error')) process.exitCode = 10;
  }
}
