/** Opens the dashboard. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { printErr } from '../cli/print.ts';
import { dashboardLink, showDashboard } from '../serve/dashboard-link.ts';

export default class Dashboard extends BaseCommand {
  static override summary = 'Open the dashboard of the running server in your browser, signed in.';
  static override description =
    'Where people have to sign in, the link is good once and for two minutes. While nobody can sign in yet, it leads to the set-up of the owner.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --print',
    '<%= config.bin %> <%= command.id %> --user alice --print',
  ];
  static override flags = {
    print: Flags.boolean({ description: 'Only say the address; open nothing.' }),
    user: Flags.string({ description: 'Whom it signs in, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Dashboard);
    const app = await this.openApp();
    const link = await dashboardLink(app, await app.actor(flags.user));
    const opened = !flags.print && (await showDashboard(app, link));
    const expires_at = link.expiresAt === null ? null : new Date(link.expiresAt).toISOString();
    this.print({ url: link.url, kind: link.kind, expires_at, opened }, () => link.url);
    const texts = this.texts.cli.dashboard;
    if (opened) printErr(texts.opened);
    if (link.kind !== 'open') printErr(texts.once);
  }
}
