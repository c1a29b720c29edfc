/** Says how the chat platforms are. */
import { BaseCommand } from '../../cli/base-command.ts';
import { channelStatus, channelsText } from '../../serve/server-status.ts';

export default class ChannelStatus extends BaseCommand {
  static override summary = 'Say which chat platforms are connected, and why the others are not.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(ChannelStatus);
    const channels = await channelStatus(await this.openApp());
    this.print(channels, () => channelsText(channels));
  }
}
