/** Says whether the server runs and how it is. */
import { BaseCommand } from '../cli/base-command.ts';
import { inWords } from '../core/kernel/language/phrase.ts';
import { budgetLine } from '../core/spending/budget-line.ts';
import { budgetJson } from '../core/spending/budget-json.ts';
import { routeCountJson, routeCountText } from '../core/spending/route-json.ts';
import { serverStatus, statusText } from '../serve/server-status.ts';

export default class Status extends BaseCommand {
  static override summary =
    'Say whether the server runs, since when, how its channels are, and what is used of budgets.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<void> {
    await this.parse(Status);
    const app = await this.openApp();
    const status = await serverStatus(app);
    const actor = await app.actor();
    const budgets = await (await app.budgets()).list(actor);
    const { routes } = await (await app.costs()).report(actor, { by: 'day', days: 1 });
    const routed = routeCountText(routes);
    this.print({ ...status, budgets: budgets.map(budgetJson), routes_today: routes.map(routeCountJson) }, () =>
      [
        statusText(status, this.texts),
        ...budgets.map((each) => inWords(budgetLine(each), this.texts.phrases)),
        ...(routed === undefined ? [] : [`${routed} today`]),
      ].join('\n'),
    );
  }
}
