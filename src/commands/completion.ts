import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { completionScript, SHELLS } from '../cli/completion-script.ts';

export default class Completion extends BaseCommand {
  static override summary = 'Print the completion script of a shell.';
  static override description =
    'Completes topics, commands and flags. Load the script in the start-up file of the shell.';
  static override examples = [
    'eval "$(<%= config.bin %> <%= command.id %> bash)"',
    'eval "$(<%= config.bin %> <%= command.id %> zsh)"',
    '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/claw.fish',
  ];
  static override args = {
    shell: Args.string({ required: true, options: [...SHELLS], description: 'The shell the script is for.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    const script = completionScript(args.shell, this.config);
    this.print({ shell: args.shell, script }, () => script);
  }
}
