/** Checks the installation, and mends what it can. */
import { Flags } from '@oclif/core';
import { attackLine, attackText } from '../cli/attack-report.ts';
import { BaseCommand } from '../cli/base-command.ts';
import { confirmOnTerminal } from '../cli/confirm.ts';
import { doctorText, mendedForHome, mendText, withHome, withoutHome } from '../cli/doctor-report.ts';
import { printErr } from '../cli/print.ts';
import type { App } from '../core/create-app.ts';
import type { CheckResult } from '../core/doctor/run-checks.ts';
import { serverSide } from '../serve/doctor-facts.ts';

export default class Doctor extends BaseCommand {
  static override summary = 'Check this installation; every finding names the command that mends it.';
  static override description =
    'Exit code 10 when a check finds an error. With --fix what can be mended safely is, after a copy of the database and the settings was made; the rest is listed with its command. With --attack, hostile code is run in the walls of this machine, with nothing granted, and what it touched is looked for from outside: files, ports, processes, memory. It takes about a minute and ends with 9 when a wall is broken.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --fix --yes'];
  static override flags = {
    fix: Flags.boolean({ description: 'Mend what can be mended safely.', exclusive: ['only', 'attack'] }),
    yes: Flags.boolean({ description: 'Do not ask.', dependsOn: ['fix'] }),
    only: Flags.string({ description: 'Only this check; may be given again.', multiple: true, helpValue: 'CHECK' }),
    online: Flags.boolean({ description: 'Also ask providers whether they answer; no key is sent.', default: false }),
    attack: Flags.boolean({ description: 'Attack the walls that tools run in.', exclusive: ['only'] }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    if (flags.attack) return this.#attack(await this.openApp());
    const app = await this.openApp().catch((error: unknown) => withoutHome(error));
    if (Array.isArray(app)) return this.#show(app, undefined);
    const doctor = await app.doctor(serverSide(app, this.config.version));
    const { only, online: isOnline, fix, yes, home } = flags;
    if (!fix) return this.#show(await doctor.check({ isOnline, ...(only && { only }) }), home);
    await confirmOnTerminal(`Mend what can be mended in ${app.paths.home}?`, yes);
    const report = mendedForHome(await doctor.mend(), home);
    this.print(report, () => mendText(report));
    if (report.checks.some(({ status }) => status === 'error')) process.exitCode = 10;
  }

  #show(results: CheckResult[], home: string | undefined): void {
    const shown = withHome(results, home);
    this.print(shown, () => doctorText(shown, this.texts));
    if (results.some(({ status }) => status === 'error')) process.exitCode = 10;
  }

  async #attack(app: App): Promise<void> {
    const results = await app.attack(this.signal, (result) => printErr(attackLine(result)));
    this.print(results, () => attackText(results));
    if (results.some(({ result }) => result === 'BROKEN')) process.exitCode = 9;
  }
}
