/** Makes claw a systemd service. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { appService, installOptions } from '../../serve/service/app-service.ts';
import { unitText } from '../../serve/service/unit-text.ts';

export default class ServiceInstall extends BaseCommand {
  static override summary = 'Make claw a systemd service: of yours, or with --system of the machine.';
  static override description = 'A system service is walled in further: it writes to its home and sees no other one.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    'sudo <%= config.bin %> <%= command.id %> --system --user claw --home /var/lib/claw',
    '<%= config.bin %> <%= command.id %> --print',
  ];
  static override flags = {
    system: Flags.boolean({ description: 'Install for the machine; needs root.' }),
    user: Flags.string({ description: 'The user a system service runs as.', helpValue: 'NAME', dependsOn: ['system'] }),
    print: Flags.boolean({ description: 'Print the unit file and install nothing.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceInstall);
    const app = await this.openApp();
    const options = await installOptions(app, flags.system ? 'system' : 'user', flags.user);
    if (flags.print) {
      this.print({ unit: unitText(options) }, () => unitText(options));
      return;
    }
    const installed = await appService(app).install(options);
    const next = installed.enabled
      ? 'It starts with the machine. Start it now with "claw service start".'
      : 'systemd does not run here: it counts when it does.';
    const linger = flags.system ? '' : '\nIt ends when you log out; "sudo loginctl enable-linger" lets it stay.';
    this.print(installed, () => `Wrote ${installed.unit_file}. ${next}${linger}`);
  }
}
