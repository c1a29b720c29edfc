import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { listConfigVersions } from '../../core/config/config-file.ts';

export default class ConfigHistory extends BaseCommand {
  static override summary = 'List the earlier versions of config.json, newest first.';
  static override description = 'The last 10 are kept. "changed" names what the change after that version touched.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(ConfigHistory);
    const { config } = await this.openApp();
    const versions = await listConfigVersions(config.paths);
    const list = versions.map(({ version, savedAt, changed }) => ({
      version,
      saved_at: new Date(savedAt).toISOString(),
      changed,
    }));
    this.print(list, () =>
      list.length === 0
        ? 'config.json has not been changed by claw yet.'
        : table(
            list.map((each) => ({ ...each, changed: each.changed.join(', ') })),
            this.texts,
          ),
    );
  }
}
