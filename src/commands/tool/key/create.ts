/** Makes a key for publishing. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { publisherKeyJson } from '../../../cli/publisher-key-json.ts';
import { recordAct } from '../../../cli/record-act.ts';
import { createPublisherKey, DEFAULT_KEY } from '../../../core/marketplace/publisher-keys.ts';

export default class ToolKeyCreate extends BaseCommand {
  static override summary = 'Make a key to sign packages with; its private half stays in the secret store.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> my-team'];
  static override args = { name: Args.string({ description: 'Its name.', default: DEFAULT_KEY }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolKeyCreate);
    const app = await this.openApp();
    const key = await createPublisherKey(await app.secrets(), args.name);
    await recordAct(app, 'publisher-key.create', { target: key.name, detail: { key_id: key.keyId } });
    this.print(publisherKeyJson(key), () =>
      [
        `The key ${key.name} is ${key.keyId}. It cannot be made again; see docs/marketplace.md on keeping it.`,
        `Tell others its public half: ${key.publicKey}`,
      ].join('\n'),
    );
  }
}
