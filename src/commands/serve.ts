/** Runs the server: chat platforms, health, maintenance. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { linkShower } from '../cli/link-shower.ts';
import { printErr } from '../cli/print.ts';
import { addressFlags, addressSettings } from '../cli/serve-flags.ts';
import { listenToSignals } from '../cli/server-signals.ts';

export default class Serve extends BaseCommand {
  static override summary = 'Run the server: chat platforms, HTTP API and maintenance, until it is told to stop.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --check',
    '<%= config.bin %> <%= command.id %> --only telegram,slack',
  ];
  static override flags = {
    ...addressFlags,
    only: Flags.string({ description: 'Start only these channels, separated by commas.', helpValue: 'CHANNEL,…' }),
    check: Flags.boolean({ description: 'Say what would start and why the rest would not, and start nothing.' }),
    'safe-mode': Flags.boolean({
      description: 'Keep channels off after too many crashes; --no-safe-mode starts them anyway.',
      allowNo: true,
      default: true,
    }),
  };
  static override readonly handlesSignals = true;
  static override readonly endsProcess = true;

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const only = flags.only?.split(',').map((name) => name.trim().toLowerCase());
    if (flags.check) return this.#check(only, addressSettings(flags));
    const { stop, onHangup } = listenToSignals();
    const app = await this.openApp(addressSettings(flags), { echoLog: printErr });
    const { startServer } = await import('../serve/start-server.ts');
    const told = { showLink: linkShower(this.texts), onReload: onHangup, ignoreCrashes: !flags['safe-mode'] };
    await startServer({ app, version: this.config.version, only, signal: stop, ...told });
  }

  async #check(only: readonly string[] | undefined, settings: Record<string, string>): Promise<void> {
    const { appChannels } = await import('../serve/app-channels.ts');
    const { checkServe } = await import('../serve/check-serve.ts');
    const app = await this.openApp(settings);
    const { rows, isGood } = await checkServe(await appChannels(app, only), app);
    this.print(rows, () =>
      rows.map(({ name, starts, reason }) => `${name}: ${starts ? 'would start' : `off, ${reason}`}`).join('\n'),
    );
    if (!isGood) process.exitCode = 3;
  }
}
