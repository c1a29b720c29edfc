import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { recordAct } from '../../cli/record-act.ts';
import { secretNamed } from '../../core/config/prepare-change.ts';

export default class SecretRemove extends BaseCommand {
  static override summary = 'Remove a secret from the store.';
  static override description =
    'A secret of the environment or of a .env file is left alone: it belongs to whoever put it there.';
  static override examples = ['<%= config.bin %> <%= command.id %> OPENAI_API_KEY'];
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the secret.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(SecretRemove);
    const name = secretNamed(args.name);
    const app = await this.openApp();
    await (await app.secrets()).remove(name);
    await recordAct(app, 'secret.remove', { target: name });
    this.print({ name, removed: true }, () => `${name} is removed.`);
  }
}
