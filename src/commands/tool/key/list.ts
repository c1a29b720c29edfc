/** Lists the keys for publishing. */
import { BaseCommand } from '../../../cli/base-command.ts';
import { publisherKeyJson } from '../../../cli/publisher-key-json.ts';
import { listPublisherKeys } from '../../../core/marketplace/publisher-keys.ts';

export default class ToolKeyList extends BaseCommand {
  static override summary = 'List your keys for signing packages, by their public halves.';
  static override examples = ['<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    const keys = await listPublisherKeys(await (await this.openApp()).secrets());
    this.print(keys.map(publisherKeyJson), () =>
      keys.length === 0
        ? this.texts.cli.none.toolKeys
        : keys.map(({ name, keyId, publicKey }) => `${name}  ${keyId}  ${publicKey}`).join('\n'),
    );
  }
}
