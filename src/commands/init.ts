/** Sets up a home. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { initByQuestions, initDefaults } from '../cli/init-wizard.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';

export default class Init extends BaseCommand {
  static override summary = 'Set up your home: its name, its model, your time zone.';
  static override description =
    'Chat works without it; this is the short way to a real model. It may be run again at any time.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --defaults'];
  static override flags = { defaults: Flags.boolean({ description: 'Create what is missing, without a question.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(Init);
    if (!flags.defaults && !process.stdin.isTTY) {
      throw new ClawError('usage-invalid', phrase('noScreenToAsk'), { hint: phrase('addDefaults') });
    }
    const app = await this.openApp();
    const result = flags.defaults ? await initDefaults(app) : await initByQuestions(app, this.texts);
    const { cli } = this.texts;
    this.print(result, () =>
      [
        cli.homeReady(result.home),
        ...(result.set.length === 0 ? [] : [cli.set(result.set.join(', '))]),
        cli.next(result.next),
      ].join('\n'),
    );
  }
}
