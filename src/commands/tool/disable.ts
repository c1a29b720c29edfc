/** Switch a tool off; it stays off when its file changes. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { versionJson } from '../../core/tools/registry/tool-json.ts';

export default class ToolDisable extends BaseCommand {
  static override summary = 'Switch a tool off; it stays off when its file changes.';
  static override examples = ['<%= config.bin %> <%= command.id %> dice'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolDisable);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const row = await (await app.tools()).admin.disable(args.name, user);
    this.print(versionJson(row), () => `${row.name} is switched off.`);
  }
}
