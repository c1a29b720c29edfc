/** Switches a webhook on again. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { webhookJson } from '../../core/webhooks/webhook-json.ts';

export default class WebhookEnable extends BaseCommand {
  static override summary = 'Switch a webhook on again that was switched off after too many failures.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebhookEnable);
    const app = await this.openApp();
    const webhooks = await app.webhooks();
    const actor = await app.actor(flags.user);
    const row = await webhooks.enable(actor, args.id);
    this.print(webhookJson(row), () => `${row.id} is active.`);
  }
}
