/** Makes a webhook. */
import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { webhookJson } from '../../core/webhooks/webhook-json.ts';
import { WEBHOOK_EVENTS } from '../../core/store/webhooks-table.ts';

export default class WebhookCreate extends BaseCommand {
  static override summary = 'Have a signed POST sent to an address when something happens.';
  static override description =
    'The secret is shown this once. x-claw-signature is HMAC-SHA256 of the exact body in hexadecimal with the secret as key; webhook-id, webhook-timestamp and webhook-signature follow Standard Webhooks. A delivery is tried three times; after four failed ones in a row the webhook is switched off. A running server sends.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> https://example.com/hook',
    '<%= config.bin %> <%= command.id %> https://example.com/hook --event turn.failed',
  ];
  static override args = {
    url: Args.string({ required: true, ignoreStdin: true, description: 'Where to send to; https.' }),
  };
  static override flags = {
    event: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: [...WEBHOOK_EVENTS],
      description: 'An event; may be given several times (default: all).',
    }),
    user: userFlag,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WebhookCreate);
    const app = await this.openApp();
    const wanted = { url: args.url, events: flags.event ?? WEBHOOK_EVENTS };
    const { row, secret } = await (await app.webhooks()).create(await app.actor(flags.user), wanted);
    this.print({ ...webhookJson(row), secret }, () => `${row.id} is made. Its secret, shown only now:\n${secret}`);
  }
}
