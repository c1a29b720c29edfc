/** Starts the service. */
import { BaseCommand } from '../../cli/base-command.ts';
import { systemFlag } from '../../cli/flags.ts';
import { appService } from '../../serve/service/app-service.ts';

export default class ServiceStart extends BaseCommand {
  static override summary = 'Start the service of claw.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { system: systemFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceStart);
    const service = await appService(await this.openApp()).control('start', flags.system ? 'system' : undefined);
    this.print(service, () => `Started the ${service.scope} service of claw. "claw status" says how it is.`);
  }
}
