/** Owns what a row of costs is on its page, and what of it is shown. */
import type { Result } from '../api/client.ts';
import { count, money } from '../format.ts';

export type Cost = Result<'GET /costs'>[number];
export const GROUPS = ['day', 'model', 'user', 'tool', 'room', 'task', 'conversation'] as const;
export type Group = (typeof GROUPS)[number];
export const MEASURES = ['cost', 'tokens', 'calls'] as const;
export type Measure = (typeof MEASURES)[number];

type Sums = Pick<Cost, 'cost_usd' | 'calls' | 'input_tokens' | 'output_tokens'>;

export function valueOf(row: Sums, measure: Measure): number {
  if (measure === 'cost') return row.cost_usd;
  return measure === 'calls' ? row.calls : row.input_tokens + row.output_tokens;
}

export const writeMeasure = (measure: Measure): ((value: number) => string) => (measure === 'cost' ? money : count);
