/** Checks the installation. */
import { Flags } from '@oclif/core';
import { attackLine, attackText } from '../cli/attack-report.ts';
import { BaseCommand } from '../cli/base-command.ts';
import { printErr } from '../cli/print.ts';

const MARKS = { ok: 'ok      ', warning: 'warning ', error: 'ERROR   ' };

export default class Doctor extends BaseCommand {
  static override summary = 'Check this installation; every finding names the command that mends it.';
  static override description =
    'With --attack, hostile code is run in the walls of this machine, with nothing granted, and what it touched is looked for from outside: files, ports, processes, memory. It takes about a minute and ends with 9 when a wall is broken.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
    '<%= config.bin %> <%= command.id %> --attack',
  ];
  static override flags = {
    attack: Flags.boolean({ description: 'Attack the walls that tools run in, and show what held.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const app = await this.openApp();
    if (flags.attack) {
      const results = await app.attack(this.signal, (result) => printErr(attackLine(result)));
      this.print(results, () => attackText(results));
      if (results.some(({ result }) => result === 'BROKEN')) process.exitCode = 9;
      return;
    }
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
