/** Chooses the model that answers when none is named. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { printErr } from '../../cli/print.ts';
import { setConfigValue } from '../../core/config/config-file.ts';
import { describeOutranked } from '../../core/config/prepare-change.ts';

export default class ModelSet extends BaseCommand {
  static override summary = 'Choose the model that answers.';
  static override description =
    'Sets LLM_PROVIDER and LLM_MODEL in config.json. A provider alone takes its default model.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> anthropic/claude-sonnet-5-5',
    '<%= config.bin %> <%= command.id %> openai-compatible/llama3.3',
  ];
  static override args = {
    model: Args.string({ required: true, ignoreStdin: true, description: 'Model as provider/name.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ModelSet);
    const app = await this.openApp();
    const { config, models } = app;
    const { provider, id } = await (await models()).choose(args.model);
    await setConfigValue(config.paths, 'LLM_PROVIDER', provider);
    await setConfigValue(config.paths, 'LLM_MODEL', id);
    await recordAct(app, 'model.set', { target: `${provider}/${id}` });
    this.print({ provider, model: id }, () => `${provider}/${id} answers now.`);
    config.reload();
    for (const name of ['LLM_PROVIDER', 'LLM_MODEL']) {
      const outranked = describeOutranked(config.unchecked(), name);
      if (outranked !== undefined) printErr(outranked);
    }
  }
}
