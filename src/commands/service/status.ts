/** Says how the service is. */
import { BaseCommand } from '../../cli/base-command.ts';
import { systemFlag } from '../../cli/flags.ts';
import { appService } from '../../serve/service/app-service.ts';

export default class ServiceStatus extends BaseCommand {
  static override summary = 'Say whether claw is installed as a service, enabled and running.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { system: systemFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceStatus);
    const status = await appService(await this.openApp()).status(flags.system ? 'system' : undefined);
    this.print(status, () => {
      if (!status.installed) return 'claw is not installed as a service. "claw service install" does that.';
      const state = status.active === null ? 'systemd does not run here' : `${status.enabled}, ${status.active}`;
      const process = status.pid === null ? '' : `, process ${status.pid}`;
      return `${status.scope} service (${status.unit_file}): ${state}${process}`;
    });
  }
}
