/** Says whether the server runs and how it is. */
import { BaseCommand } from '../cli/base-command.ts';
import { serverStatus, statusText } from '../serve/server-status.ts';

export default class Status extends BaseCommand {
  static override summary = 'Say whether the server runs, since when, and how its channels are.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(Status);
    const status = await serverStatus(await this.openApp());
    this.print(status, () => statusText(status));
  }
}
