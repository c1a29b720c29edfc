/** Lists browsers. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { deviceJson } from '../../core/access/access-json.ts';
import { safeLine } from '../../core/kernel/terminal-text.ts';

export default class DeviceList extends BaseCommand {
  static override summary = 'List the browsers that wait to be let in, and those that were.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];
  static override flags = { by: Flags.string({ description: 'Who asks, instead of the owner of the home.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(DeviceList);
    const app = await this.openApp();
    const devices = await (await app.access()).devices();
    const rows = (await devices.list(await app.actor(flags.by))).map(deviceJson);
    this.print(rows, () =>
      rows.length === 0
        ? this.texts.cli.none.browsers
        : table(
            rows.map(({ id, name, state, user, asked_by: asker, from }) => ({
              id,
              name: safeLine(name),
              state,
              user: user ?? asker ?? '',
              from,
            })),
            this.texts,
          ),
    );
  }
}
