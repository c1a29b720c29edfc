/** Installs a package. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { askConsent, consentFlags, dryRunFlag, newPermissionsFlag } from '../../cli/market-flags.ts';
import { printErr } from '../../cli/print.ts';
import { requireAdmin } from '../../core/access/local-user.ts';
import { safeText } from '../../core/kernel/terminal-text.ts';
import { installedJson, planJson } from '../../core/marketplace/marketplace-json.ts';
import { packageScreen } from '../../core/marketplace/package-screen.ts';

export default class ToolInstall extends BaseCommand {
  static override summary =
    'Install a tool that somebody published: checked, shown, tried behind the wall, then active.';
  static override description =
    'PACKAGE is the name of one in a registry, NAME@VERSION, a .clawpkg file, the folder of a package, or an https address. Nothing of it runs before you agree but its examples, behind the wall and with nothing granted. The key of its publisher is remembered: another one is refused from then on. Exit codes: 7 there is one already or a newer one, 9 not trusted, 10 damaged or not fit.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> unit_converter',
    '<%= config.bin %> <%= command.id %> dice@1.2.0 --trust 0123456789abcdef --yes',
    '<%= config.bin %> <%= command.id %> ./dice-1.2.0.clawpkg --dry-run',
  ];
  static override args = { package: Args.string({ description: 'What to install.', required: true }) };
  static override flags = {
    registry: Flags.string({ description: 'The registry, when several have it.', helpValue: 'REGISTRY' }),
    ...consentFlags,
    'allow-new-permissions': newPermissionsFlag,
    'dry-run': dryRunFlag,
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ToolInstall);
    const app = await this.openApp();
    const user = await app.user(flags.user);
    requireAdmin(user);
    const marketplace = await app.marketplace();
    const request = { what: args.package, registry: flags.registry, by: user, signal: this.signal };
    const { plan, remarks } = await marketplace.plan(request);
    for (const remark of remarks) printErr(safeText(remark));
    if (flags['dry-run']) return this.print(planJson(plan), () => safeText(packageScreen(plan)));
    const row = await marketplace.install(plan, await askConsent(plan, flags), user);
    this.print(installedJson(plan, row), () => `${row.name} ${planJson(plan).version} is installed and active.`);
  }
}
