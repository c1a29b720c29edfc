/** Lists the models that are chosen for rooms, tasks and users. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { modelChoiceJson } from '../../core/conversations/model-choice-json.ts';

export default class ModelChoices extends BaseCommand {
  static override summary = 'List the models that are chosen for rooms, tasks and users.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = {
    by: Flags.string({ description: 'Who asks, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ModelChoices);
    const app = await this.openApp();
    const choices = await (await app.modelChoices()).list(await app.actor(flags.by));
    this.print(choices.map(modelChoiceJson), () =>
      choices.length === 0
        ? this.texts.cli.none.modelChoices
        : table(
            choices.map(({ scope, name, models }) => ({ for: scope, name, models })),
            this.texts,
          ),
    );
  }
}
