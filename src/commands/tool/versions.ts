/** Lists the versions of a tool. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { versionJson } from '../../cli/tool-report.ts';
import { ClawError } from '../../core/kernel/errors.ts';

export default class ToolVersions extends BaseCommand {
  static override summary = 'List the versions of a tool, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %> dice'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(ToolVersions);
    const { admin } = await (await this.openApp()).tools();
    const rows = await admin.versions(args.name);
    const entry = rows.length === 0 ? await admin.find(args.name) : undefined;
    if (entry !== undefined && entry.origin !== 'builtin')
      throw new ClawError('not-found', entry.reason ?? 'It has no version yet.');
    const json = rows.map((row) => versionJson(row));
    const lines = rows.map(({ version, state, origin, created_at, hash, reason }) => ({
      version,
      state,
      origin,
      since: new Date(created_at).toISOString(),
      hash: hash.slice(0, 12),
      reason,
    }));
    this.print(json, () =>
      lines.length === 0 ? `${args.name} ships with claw (${entry?.version ?? ''}).` : table(lines),
    );
  }
}
