/** Owns decisions which model a turn goes to as JSON, the same on every surface. */
import type { RouteDecisionRow } from '../store/routes-schema.ts';
import type { RouteCount } from '../store/routes-table.ts';

export function routeJson(row: RouteDecisionRow) {
  const { parts, decided_at, cost_micro_usd, escalated, conversation_id, turn_id, user_id: _user, ...rest } = row;
  return {
    turn_id,
    conversation_id,
    ...rest,
    parts: JSON.parse(parts) as { name: string; points: number }[],
    decided_at: new Date(decided_at).toISOString(),
    cost_usd: cost_micro_usd === null ? null : cost_micro_usd / 1e6,
    escalated: escalated === 1,
  };
}

export function routeCountJson({ tier, escalated, turns, input_tokens, output_tokens, cost_micro_usd }: RouteCount) {
  return { tier, escalated: escalated === 1, turns, input_tokens, output_tokens, cost_usd: cost_micro_usd / 1e6 };
}

/** Undefined when nothing was decided. */
export function routeCountText(counts: readonly RouteCount[]): string | undefined {
  const turns = (isCounted: (count: RouteCount) => boolean): number =>
    counts.filter(isCounted).reduce((sum, count) => sum + count.turns, 0);
  const all = turns(() => true);
  if (all === 0) return undefined;
  const light = turns(({ tier }) => tier === 'light');
  const over = turns(({ tier, escalated }) => tier === 'light' && escalated === 1);
  return `Cheap first: ${light} of ${all} turns went to the cheap model, and ${over} of these on to the main one`;
}
