/** Takes a package away. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { confirm } from '../../cli/confirm.ts';
import { userFlag } from '../../cli/flags.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { packageJson } from '../../core/marketplace/marketplace-json.ts';

export default class ToolUninstall extends BaseCommand {
  static override summary =
    'Take an installed package away: its file and its record. Its versions do not run any more.';
  static override description =
    'The key of its publisher and its highest version stay known, so that nobody else and nothing older takes its place later.';
  static override examples = ['<%= config.bin %> <%= command.id %> unit_converter --yes'];
  static override args = { name: Args.string({ description: 'Its name.', required: true }) };
  static override flags = { yes: Flags.boolean({ description: 'Do it without a question.' }), user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolUninstall);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const marketplace = await app.marketplace();
    const isThere = (await marketplace.installed()).some(({ name }) => name === args.name);
    if (isThere) await confirm(`Uninstall ${args.name}?`, flags.yes, this.texts);
    const row = await marketplace.uninstall(args.name, user);
    this.print(packageJson(row), () => `${row.name} ${row.version} is uninstalled.`);
  }
}
