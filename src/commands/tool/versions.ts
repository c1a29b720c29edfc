/** Lists the versions of a tool. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { toolVersions, versionJson } from '../../core/tools/registry/tool-json.ts';

export default class ToolVersions extends BaseCommand {
  static override summary = 'List the versions of a tool, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %> dice'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolVersions);
    const { admin } = await (await this.openApp()).tools();
    const rows = await toolVersions(admin, args.name);
    const shipped = rows.length === 0 ? (await admin.find(args.name)).version : '';
    const json = await Promise.all(rows.map(async (row) => ({ ...versionJson(row), ...(await admin.people(row)) })));
    const lines = rows.map(({ version, state, origin, created_at, hash, reason }) => ({
      version,
      state,
      origin,
      since: new Date(created_at).toISOString(),
      hash: hash.slice(0, 12),
      reason,
    }));
    this.print(json, () =>
      lines.length === 0 ? `${args.name} ships with claw (${shipped}).` : table(lines, this.texts),
    );
  }
}
