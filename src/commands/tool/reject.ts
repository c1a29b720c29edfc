/** Refuse a tool that waits; its bytes stay refused. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { versionJson } from '../../core/tools/registry/tool-json.ts';

export default class ToolReject extends BaseCommand {
  static override summary = 'Refuse a tool that waits; its bytes stay refused.';
  static override examples = ['<%= config.bin %> <%= command.id %> weather_station'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = {
    version: Flags.integer({ description: 'The version (default: the newest that waits).', min: 1 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolReject);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const row = await (await app.tools()).admin.reject(args.name, user, flags.version);
    this.print(versionJson(row), () => `${row.name} (version ${row.version}) is rejected.`);
  }
}
