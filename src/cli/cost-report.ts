/** Owns how costs are printed for people. */
import { costJson } from '../core/spending/cost-json.ts';
import { routeCountText } from '../core/spending/route-json.ts';
import type { CostReport } from '../core/spending/cost-service.ts';
import { money } from './money.ts';
import { table } from './table.ts';

export function costText(by: string, { lines, total, firstDay, lastDay, zone, routes }: CostReport): string {
  const when = `${firstDay} to ${lastDay} (${zone})`;
  if (lines.length === 0) return `Nothing was spent from ${when}.`;
  const rows = lines.map((line) => {
    const { cost_usd, ...row } = costJson(by, line);
    return { ...row, [by]: line.key ?? '(none)', cost_usd: money(cost_usd) };
  });
  const tokens = `${total.input_tokens.toLocaleString('en')} tokens in, ${total.output_tokens.toLocaleString('en')} out`;
  const sum = `Total from ${when}: ${money(total.cost_micro_usd / 1e6)}, ${tokens}, ${total.calls} calls`;
  const routed = routeCountText(routes);
  return [`${table(rows)}\n`, sum, ...(routed === undefined ? [] : [routed])].join('\n');
}
