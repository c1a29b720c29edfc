/** Explains which model a request would go to, without calling anybody. */
import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { explainRoute } from '../../core/agent/route/explain-route.ts';

export default class ModelRoute extends BaseCommand {
  static override summary = 'Explain which model a request would go to.';
  static override description =
    'Scores the text as a turn would and calls nobody. Light requests go to LIGHT_MODEL when ROUTER_ENABLED is on; in doubt a request is for the main model. A light request needs a score above 0.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> "What does entropy mean?"',
    '<%= config.bin %> <%= command.id %> "delete all files" --json',
  ];
  static override args = {
    text: Args.string({ required: true, description: 'The request, as it would be typed.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(ModelRoute);
    const app = await this.openApp();
    const { settings } = app;
    const lightModel = settings.get('LIGHT_MODEL');
    const explained = explainRoute(args.text, {
      lightModel,
      isEnabled: settings.get('ROUTER_ENABLED') && lightModel !== undefined,
      elapsed: () => app.clock.elapsed(),
    });
    this.print(explained, () =>
      [
        `${explained.tier}: ${explained.reason} (score ${explained.score}, ${explained.decision_us} µs)`,
        explained.enabled ? `goes to ${explained.model ?? 'the configured model'}` : explained.remark,
        table(
          explained.parts.map(({ name, points }) => ({ part: name, points: String(points) })),
          this.texts,
        ),
      ].join('\n'),
    );
  }
}
