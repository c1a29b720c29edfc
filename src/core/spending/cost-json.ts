/** Owns the JSON of what was spent, the same on the command line and over HTTP. */
import type { CostLine } from './cost-service.ts';

/** `by` names the member that says what a row is about; null there: calls that belong to none. */
export function costJson(by: string, { key, cost_micro_usd, unpriced_calls, estimated_calls, ...counts }: CostLine) {
  return { [by]: key, ...counts, cost_usd: cost_micro_usd / 1e6, unpriced_calls, estimated_calls };
}
