/** Prints the public half of a key. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../../cli/base-command.ts';
import { publisherKeyJson } from '../../../cli/publisher-key-json.ts';
import { DEFAULT_KEY, publisherKeyNamed } from '../../../core/marketplace/publisher-keys.ts';

export default class ToolKeyExport extends BaseCommand {
  static override summary = 'Print the public half of a key, for those who want to compare it.';
  static override examples = ['<%= config.bin %> <%= command.id %> my-team --json'];
  static override args = { name: Args.string({ description: 'Its name.', default: DEFAULT_KEY }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolKeyExport);
    const key = await publisherKeyNamed(await (await this.openApp()).secrets(), args.name);
    this.print(publisherKeyJson(key), () => `${key.keyId}  ${key.publicKey}`);
  }
}
