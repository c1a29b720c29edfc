/** Stops the service. */
import { BaseCommand } from '../../cli/base-command.ts';
import { systemFlag } from '../../cli/flags.ts';
import { appService } from '../../serve/service/app-service.ts';

export default class ServiceStop extends BaseCommand {
  static override summary = 'Stop the service of claw; what runs is finished or kept for the next start.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { system: systemFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceStop);
    const service = await appService(await this.openApp()).control('stop', flags.system ? 'system' : undefined);
    this.print(service, () => `Stopped the ${service.scope} service of claw.`);
  }
}
