/** Lists the models claw knows, and those that servers of your own list. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { modelTable } from '../../cli/model-rows.ts';
import { modelRow } from '../../core/llm/model-json.ts';

export default class ModelList extends BaseCommand {
  static override summary = 'List models with their context and prices.';
  static override description =
    'Prices are data with a date; change or add models in models.json of the home. A price that is not known is shown as unknown and counts at its ceiling against budgets.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --provider openai --json',
  ];
  static override flags = {
    provider: Flags.string({ description: 'Only the models of this provider.' }),
    configured: Flags.boolean({ description: 'Only models that can be used now.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ModelList);
    const app = await this.openApp();
    const models = (await (await app.models()).list()).filter(
      ({ provider, missing }) =>
        (flags.provider === undefined || provider === flags.provider) && (!flags.configured || missing === undefined),
    );
    this.print(models.map(modelRow), () => (models.length === 0 ? this.texts.cli.none.models : modelTable(models)));
  }
}
