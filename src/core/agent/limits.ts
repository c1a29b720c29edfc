/** Owns when a turn must stop, and how that is said. */
import type { StopReason } from '../kernel/events.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { ToolCallRow } from '../store/journal-tables.ts';
import type { Tally, TurnLimits } from './turn.ts';

/** So many identical calls in a row are a loop. */
const SAME_CALLS = 4;
/** So many failed calls in a row lead nowhere. */
const FAILED_CALLS = 8;

/** The limit the turn has reached before its next model call, if any. `elapsedMs` counts from the turn's start. */
export function limitReached(tally: Tally, limits: TurnLimits, elapsedMs: number): StopReason | undefined {
  if (elapsedMs >= limits.maxMs) return 'max-time';
  if (tally.usage.inputTokens + tally.usage.outputTokens >= limits.maxTokens) return 'max-tokens';
  if (tally.chargedMicroUsd >= limits.maxCostMicroUsd) return 'max-cost';
  const last = tally.recentCalls.slice(-SAME_CALLS);
  if (last.length === SAME_CALLS && last.every((call) => call === last[0])) return 'repeated-calls';
  if (tally.failuresInARow >= FAILED_CALLS) return 'repeated-failures';
  return undefined;
}

/** Counts a finished round of tool calls. */
export function countRound(tally: Tally, rows: readonly ToolCallRow[]): void {
  tally.rounds += 1;
  for (const row of rows) {
    tally.recentCalls.push(`${row.name} ${row.input}`);
    tally.failuresInARow = row.status === 'ok' ? 0 : tally.failuresInARow + 1;
    tally.tools.push({
      name: row.name,
      status: (row.status ?? 'uncertain') as Tally['tools'][number]['status'],
      ms: row.ms ?? 0,
    });
  }
}

/** What the user is told; undefined for an answer that simply ended. */
export function explainStop(reason: StopReason, limits: TurnLimits): Phrase | undefined {
  switch (reason) {
    case 'complete':
    case 'tool-calls':
    case 'error':
      return undefined;
    case 'max-output-tokens':
      return phrase('answerCut', limits.maxOutputTokens);
    case 'max-tool-rounds':
      return phrase('stoppedByRounds', limits.maxToolRounds);
    case 'max-tokens':
      return phrase('stoppedByTokens', limits.maxTokens);
    case 'max-cost':
      return phrase('stoppedByCost', (limits.maxCostMicroUsd / 1e6).toFixed(2));
    case 'max-time':
      return phrase('stoppedByTime', Math.round(limits.maxMs / 1000));
    case 'repeated-calls':
      return phrase('stoppedBySameCalls', SAME_CALLS);
    case 'repeated-failures':
      return phrase('stoppedByFailures', FAILED_CALLS);
    case 'refusal':
      return phrase('declined');
    case 'interrupted':
      return phrase('interrupted');
  }
}
