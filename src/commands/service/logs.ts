/** Shows the log of this home. */
import { Flags } from '@oclif/core';
import { stat } from 'node:fs/promises';
import { BaseCommand } from '../../cli/base-command.ts';
import { printOut, printText } from '../../cli/print.ts';
import { followLog, lastLines } from '../../serve/service/show-log.ts';

export default class ServiceLogs extends BaseCommand {
  static override summary = 'Show the end of the log of this home, however the server was started.';
  static override description =
    'What a crash printed is in the journal: journalctl -u claw, or journalctl --user -u claw.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -f',
    '<%= config.bin %> <%= command.id %> --lines 500 --json',
  ];
  static override flags = {
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on showing what is added, until Ctrl-C.',
      exclusive: ['json'],
    }),
    lines: Flags.integer({ char: 'n', description: 'How many lines.', default: 50, min: 0 }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceLogs);
    const { paths, clock } = await this.openApp();
    const { size } = await stat(paths.log).catch(() => ({ size: 0 }));
    const lines = await lastLines(paths.log, flags.lines);
    if (!flags.follow) {
      this.print(lines, () => lines.join('\n'));
      return;
    }
    if (lines.length > 0) printOut(lines.join('\n'));
    await followLog(paths.log, size, { clock, show: printText, signal: this.signal });
  }
}
