/** Chooses the model that answers: for everybody, a room, a task or a user. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { chooseModel } from '../../cli/choose-model.ts';
import { ClawError } from '../../core/kernel/errors.ts';

const besides = (own: string): string[] => ['room', 'task', 'user'].filter((name) => name !== own);

export default class ModelSet extends BaseCommand {
  static override summary = 'Choose the model that answers: for everybody, a room, a task or a user.';
  static override description =
    'Without a flag it sets LLM_PROVIDER and LLM_MODEL in config.json. A choice for a task comes before that for its room, that before the one for its user. Several models with commas between them are tried in that order; one alone is followed by FALLBACK_MODELS. A running server takes a choice at its next turn.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> anthropic/claude-sonnet-5-5',
    '<%= config.bin %> <%= command.id %> openai-compatible/llama3.3 --room family',
    '<%= config.bin %> <%= command.id %> anthropic/claude-haiku-4-5,openai/gpt-5-mini --user alice',
    '<%= config.bin %> <%= command.id %> --task morning --unset',
  ];
  static override args = {
    model: Args.string({ ignoreStdin: true, description: 'Model as provider/name; several with commas for some.' }),
  };
  static override flags = {
    room: Flags.string({ description: 'Folder or chat of a room.', exclusive: besides('room') }),
    task: Flags.string({ description: 'Id of a task.', exclusive: besides('task') }),
    user: Flags.string({ description: 'Name of a user.', exclusive: besides('user') }),
    unset: Flags.boolean({ description: 'Take the choice back.', default: false }),
    by: Flags.string({ description: 'Who does it, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ModelSet);
    if ((args.model === undefined) !== flags.unset) {
      const wrong = flags.unset ? '--unset goes without a model.' : 'Say which model.';
      throw new ClawError('usage-invalid', wrong, { hint: 'claw model set PROVIDER/NAME' });
    }
    const done = await chooseModel(await this.openApp(), args.model, flags);
    this.print(done.json, () => done.text);
  }
}
