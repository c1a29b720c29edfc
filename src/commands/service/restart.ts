/** Restarts the service. */
import { BaseCommand } from '../../cli/base-command.ts';
import { systemFlag } from '../../cli/flags.ts';
import { appService } from '../../serve/service/app-service.ts';

export default class ServiceRestart extends BaseCommand {
  static override summary = 'Stop the service of claw and start it again.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { system: systemFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceRestart);
    const service = await appService(await this.openApp()).control('restart', flags.system ? 'system' : undefined);
    this.print(service, () => `Restarted the ${service.scope} service of claw. "claw status" says how it is.`);
  }
}
