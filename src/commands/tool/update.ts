/** Updates packages. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { consentFlags, dryRunFlag, newPermissionsFlag } from '../../cli/market-flags.ts';
import { requireOne, updatePackages, updateText } from '../../cli/market-update.ts';
import { requireAdmin } from '../../core/access/local-user.ts';

export default class ToolUpdate extends BaseCommand {
  static override summary = 'Update installed packages from where they came, showing what changes.';
  static override description =
    'One that wants more than before asks again: --yes alone never agrees to that. Only the publisher that was agreed to is taken. With --all one that is refused stays as it is, and the others go on.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> unit_converter',
    '<%= config.bin %> <%= command.id %> --all --yes',
    '<%= config.bin %> <%= command.id %> --all --dry-run --json',
  ];
  static override args = { name: Args.string({ description: 'The one to update.' }) };
  static override flags = {
    all: Flags.boolean({ description: 'All of them.' }),
    ...consentFlags,
    'allow-new-permissions': newPermissionsFlag,
    'dry-run': dryRunFlag,
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolUpdate);
    requireOne(args.name, flags.all);
    const app = await this.openApp();
    const by = await app.user(flags.user);
    requireAdmin(by);
    const results = await updatePackages(await app.marketplace(), { name: args.name, flags, by, signal: this.signal });
    this.print(results, () => updateText(results));
  }
}
