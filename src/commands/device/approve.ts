/** Lets a browser in. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { deviceJson } from '../../core/access/access-json.ts';
import { safeLine } from '../../core/kernel/terminal-text.ts';

export default class DeviceApprove extends BaseCommand {
  static override summary = 'Let the browser with this code in.';
  static override description =
    'The code is on its screen, good for ten minutes. Whoever holds the browser then acts as the user you name: look at it, or hear the code from somebody you know.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> K7QM-3WXD --user alice',
    '<%= config.bin %> <%= command.id %> K7QM-3WXD --deny',
  ];
  static override args = { code: Args.string({ description: 'The code, or the id from the list.', required: true }) };
  static override flags = {
    user: Flags.string({ description: 'Whose browser it is; without it, yours.' }),
    deny: Flags.boolean({ description: 'Turn it away instead.', exclusive: ['user'] }),
    by: Flags.string({ description: 'The admin who decides, instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DeviceApprove);
    const app = await this.openApp();
    const by = await app.actor(flags.by);
    const devices = await (await app.access()).devices();
    const device = flags.deny ? await devices.deny(by, args.code) : await devices.approve(by, args.code, flags.user);
    const name = safeLine(device.name);
    this.print(deviceJson(device), () =>
      flags.deny ? `${name} was turned away.` : `${name} may come in as ${device.username}.`,
    );
  }
}
