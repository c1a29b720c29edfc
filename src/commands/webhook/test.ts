/** Tries a webhook. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { deliveryJson } from '../../core/webhooks/webhook-json.ts';
import { ERROR_KINDS } from '../../core/kernel/errors.ts';

export default class WebhookTest extends BaseCommand {
  static override summary = 'Send one test event now and show what came back.';
  static override examples = ['<%= config.bin %> <%= command.id %> 019aa0f3'];
  static override args = { id: Args.string({ description: 'Its id, or the beginning of it.', required: true }) };
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebhookTest);
    const app = await this.openApp();
    const webhooks = await app.webhooks();
    const actor = await app.actor(flags.user);
    const delivery = await webhooks.test(actor, args.id, this.signal);
    if (delivery.state !== 'delivered') process.exitCode = ERROR_KINDS['upstream-failed'].exitCode;
    this.print(deliveryJson(delivery), () =>
      delivery.state === 'delivered' ? `Delivered: it answered ${delivery.status}.` : `Failed: ${delivery.error}.`,
    );
  }
}
