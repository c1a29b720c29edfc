/** Shows what the home holds and takes. */
import { Flags } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.ts';
import { statsText } from '../cli/stats-text.ts';
import { statsJson } from '../core/retention/stats-json.ts';
import { serverUptime } from '../serve/server-status.ts';

export default class Stats extends BaseCommand {
  static override summary = 'Show how much there is of what, and what it takes on the disk.';
  static override description =
    'Conversations, messages, turns, tokens, cost, tasks, tools, memories, documents and deliveries; the disk by folders, the database by what is in it. Who is no admin sees their own, without the disk.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --own --json',
  ];
  static override flags = {
    own: Flags.boolean({ description: 'Only what is your own.', default: false }),
    user: Flags.string({ description: 'Ask as this user instead of the owner of the home.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Stats);
    const app = await this.openApp();
    const actor = await app.actor(flags.user);
    const scope = flags.own || actor.user.role !== 'admin' ? 'own' : 'all';
    const stats = await (await app.stats()).read(actor, scope);
    const json = statsJson(stats, await serverUptime(app));
    this.print(json, () => statsText(json));
  }
}
