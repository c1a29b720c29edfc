/** Lists webhooks. */
import { BaseCommand } from '../../cli/base-command.ts';
import { userFlag } from '../../cli/flags.ts';
import { table } from '../../cli/table.ts';
import { webhookJson } from '../../core/webhooks/webhook-json.ts';

export default class WebhookList extends BaseCommand {
  static override summary = 'List webhooks and how their deliveries go.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];
  static override flags = { user: userFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(WebhookList);
    const app = await this.openApp();
    const rows = (await (await app.webhooks()).list(await app.actor(flags.user))).map(webhookJson);
    this.print(rows, () =>
      rows.length === 0
        ? this.texts.cli.none.webhooks
        : table(
            rows.map(({ id, url, events, state, failures }) => ({
              id,
              url,
              events: events.join(' '),
              state,
              failures,
            })),
            this.texts,
          ),
    );
  }
}
