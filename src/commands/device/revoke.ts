/** Signs a browser out for good. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { deviceJson } from '../../core/access/access-json.ts';
import { safeLine } from '../../core/kernel/terminal-text.ts';

export default class DeviceRevoke extends BaseCommand {
  static override summary = 'Sign a browser out for good; its sessions end at once.';
  static override examples = ['<%= config.bin %> <%= command.id %> ID'];
  static override args = { id: Args.string({ description: 'Id from the list.', required: true }) };
  static override flags = { by: Flags.string({ description: 'Who decides, instead of the owner of the home.' }) };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DeviceRevoke);
    const app = await this.openApp();
    const devices = await (await app.access()).devices();
    const device = await devices.revoke(await app.actor(flags.by), args.id);
    this.print(deviceJson(device), () => `${safeLine(device.name)} is signed out.`);
  }
}
