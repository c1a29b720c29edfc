/** Owns when a turn must stop, and how that is said. */
import type { StopReason } from '../kernel/events.ts';
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
export function explainStop(reason: StopReason, limits: TurnLimits): string | undefined {
  switch (reason) {
    case 'complete':
    case 'tool-calls':
    case 'error':
      return undefined;
    case 'max-output-tokens':
      return `The answer was cut at ${limits.maxOutputTokens} tokens (MAX_TOKENS). Ask to go on, or raise it.`;
    case 'max-tool-rounds':
      return `Stopped after ${limits.maxToolRounds} rounds of tool calls (MAX_TOOL_ROUNDS).`;
    case 'max-tokens':
      return `Stopped: the turn used its ${limits.maxTokens} tokens (MAX_TURN_TOKENS).`;
    case 'max-cost':
      return `Stopped: the turn may cost no more than $${(limits.maxCostMicroUsd / 1e6).toFixed(2)}.`;
    case 'max-time':
      return `Stopped: the turn took its ${Math.round(limits.maxMs / 1000)} seconds (MAX_TURN_SECONDS).`;
    case 'repeated-calls':
      return `Stopped: the same tool call was made ${SAME_CALLS} times in a row.`;
    case 'repeated-failures':
      return `Stopped: ${FAILED_CALLS} tool calls in a row failed.`;
    case 'refusal':
      return 'The model declined to answer.';
    case 'interrupted':
      return 'Interrupted. What was said so far is kept.';
  }
}
