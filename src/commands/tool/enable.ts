/** Switch a tool on that was switched off, rejected or in quarantine. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { versionJson } from '../../core/tools/registry/tool-json.ts';

export default class ToolEnable extends BaseCommand {
  static override summary = 'Switch a tool on that was switched off, rejected or in quarantine.';
  static override examples = ['<%= config.bin %> <%= command.id %> dice'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolEnable);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const row = await (await app.tools()).admin.enable(args.name, user);
    this.print(versionJson(row), () => `${row.name} (version ${row.version}) is ${row.state}.`);
  }
}
