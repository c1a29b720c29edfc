/** Owns how costs are printed for people. */
import { costJson } from '../core/spending/cost-json.ts';
import { routeCountText } from '../core/spending/route-json.ts';
import type { CostReport } from '../core/spending/cost-service.ts';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { money } from './money.ts';
import { table } from './table.ts';

export function costText(
  by: string,
  { lines, total, firstDay, lastDay, zone, routes }: CostReport,
  texts: Catalogue = ENGLISH,
): string {
  const { cost } = texts.cli;
  const when = cost.when(firstDay, lastDay, zone);
  if (lines.length === 0) return cost.nothing(when);
  const rows = lines.map((line) => {
    const { cost_usd, ...row } = costJson(by, line);
    return { ...row, [by]: line.key ?? cost.noKey, cost_usd: money(cost_usd) };
  });
  const [input, output] = [total.input_tokens, total.output_tokens].map((tokens) =>
    tokens.toLocaleString(texts.locale),
  );
  const sum = cost.total(when, money(total.cost_micro_usd / 1e6), input ?? '', output ?? '', total.calls);
  const routed = routeCountText(routes);
  return [`${table(rows, texts)}\n`, sum, ...(routed === undefined ? [] : [routed])].join('\n');
}
