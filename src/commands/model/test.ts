/** Tries every provider that is set up with one tiny request. */
import { BaseCommand } from '../../cli/base-command.ts';
import { table } from '../../cli/table.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import { modelTrialJson } from '../../core/llm/model-json.ts';
import { testModel } from '../../core/llm/test-model.ts';

export default class ModelTest extends BaseCommand {
  static override summary = 'Send one tiny request to each provider that is set up.';
  static override description =
    'Shows the time to the whole answer and its tokens. Exit code 8 when one fails. The requests cost a few tokens each.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(ModelTest);
    const app = await this.openApp();
    const models = await (await app.models()).testable();
    if (models.length === 0) {
      throw new ClawError('auth-missing', phrase('noProviderYet'), { hint: 'claw secret set ANTHROPIC_API_KEY' });
    }
    const trials = await Promise.all(models.map((model) => testModel(model, app.clock, this.signal)));
    const rows = trials.map(modelTrialJson);
    this.print(rows, () =>
      table(
        rows.map(({ error, ...row }) => ({ ...row, ok: row.ok ? 'yes' : 'no', error })),
        this.texts,
      ),
    );
    if (trials.some(({ failure }) => failure !== undefined)) process.exitCode = 8;
  }
}
