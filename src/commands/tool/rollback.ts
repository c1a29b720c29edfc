/** Go back to an earlier version of a tool; its file is rewritten. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { versionJson } from '../../core/tools/registry/tool-json.ts';

export default class ToolRollback extends BaseCommand {
  static override summary = 'Go back to an earlier version of a tool; its file is rewritten.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> dice',
    '<%= config.bin %> <%= command.id %> dice --version 1',
  ];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = {
    version: Flags.integer({ description: 'The version (default: the last good one).', min: 1 }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolRollback);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const row = await (await app.tools()).admin.rollback(args.name, user, flags.version);
    this.print(versionJson(row), () => `${row.name} is at version ${row.version} again.`);
  }
}
