/** Deletes a webhook. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';

export default class WebhookDelete extends BaseCommand {
  static override summary = 'Delete a webhook with its secret and deliveries.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebhookDelete);
    const app = await this.openApp();
    const webhooks = await app.webhooks();
    const actor = await app.actor(flags.user);
    const { id } = await webhooks.remove(actor, args.id);
    this.print({ id, deleted: true }, () => `Deleted ${id}.`);
  }
}
