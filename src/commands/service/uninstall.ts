/** Removes the service. */
import { BaseCommand } from '../../cli/base-command.ts';
import { systemFlag } from '../../cli/flags.ts';
import { appService } from '../../serve/service/app-service.ts';

export default class ServiceUninstall extends BaseCommand {
  static override summary = 'Stop the service of claw and remove it. The home stays.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { system: systemFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceUninstall);
    const service = await appService(await this.openApp()).uninstall(flags.system ? 'system' : undefined);
    this.print(service, () => `Removed ${service.unit_file}.`);
  }
}
