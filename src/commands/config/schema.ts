import { BaseCommand } from '../../cli/base-command.ts';
import { configJsonSchema } from '../../core/config/zod-schema.ts';

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of config.json.';
  static override description = 'For editors that complete and check JSON files by a schema.';
  static override examples = ['<%= config.bin %> <%= command.id %> > config.schema.json'];

  async run(): Promise<void> {
    await this.parse(ConfigSchema);
    const schema = configJsonSchema();
    this.print(schema, () => JSON.stringify(schema, null, 2));
  }
}
