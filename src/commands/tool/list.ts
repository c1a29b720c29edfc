/** Lists the tools. */
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { listedToolJson } from '../../core/tools/registry/tool-json.ts';
import { permissionWords } from '../../core/tools/permissions.ts';

export default class ToolList extends BaseCommand {
  static override summary = 'List the tools: shipped with claw, yours, and those the assistant wrote.';
  static override description =
    'A file put into the tools folder of the home is looked at here as it is at the next message: one that wants nothing is active, one that wants more is pending until you approve it.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    const app = await this.openApp();
    const entries = await (await app.tools()).registry.entries();
    const rows = entries.map(({ name, version, origin, state, permissions, reason }) => ({
      name,
      version,
      origin,
      state,
      may: reason ?? (permissionWords(permissions).join('; ') || 'only compute'),
    }));
    this.print(entries.map(listedToolJson), () => table(rows, this.texts));
  }
}
