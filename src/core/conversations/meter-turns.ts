/** Owns how a turn is counted: its end, its tool calls and its model calls, each once, whatever surface asked for it. */
import type { Clock } from '../kernel/clock.ts';
import type { TurnEvent } from '../kernel/events.ts';
import type { WrittenCall } from '../agent/turn.ts';
import { FAMILIES } from '../kernel/metric-families.ts';
import type { Meters } from '../kernel/meters.ts';

/** Counts the events of one turn as they pass; a reader that goes away interrupts it. */
export async function* meterTurn(
  { meters, clock }: { readonly meters: Meters; readonly clock: Clock },
  events: AsyncIterable<TurnEvent>,
): AsyncGenerator<TurnEvent> {
  const started = clock.elapsed();
  let hasEnded = false;
  try {
    for await (const event of events) {
      if (event.type === 'turn-end') hasEnded = true;
      countEvent(meters, event);
      yield event;
    }
  } finally {
    meters.observe(FAMILIES.turnSeconds, {}, (clock.elapsed() - started) / 1000);
    if (!hasEnded) meters.add(FAMILIES.turns, { end: 'interrupted' });
  }
}

function countEvent(meters: Meters, event: TurnEvent): void {
  if (event.type === 'tool-end') {
    meters.add(FAMILIES.toolCalls, { tool: event.name, status: event.status });
    meters.observe(FAMILIES.toolSeconds, { tool: event.name }, event.ms / 1000);
  } else if (event.type === 'turn-end') {
    meters.add(FAMILIES.turns, { end: event.stopReason });
    if (event.error !== undefined) meters.add(FAMILIES.errors, { code: event.error.code, where: 'turn' });
  }
}

export type MeteredCall = Pick<WrittenCall, 'model' | 'state' | 'usage' | 'cost'>;

/** Counts a model call that was written down. */
export function meterCall(meters: Meters, { model, state, usage, cost }: MeteredCall): void {
  meters.add(FAMILIES.modelCalls, { model, state });
  meters.add(FAMILIES.tokens, { model, kind: 'input' }, usage.inputTokens);
  meters.add(FAMILIES.tokens, { model, kind: 'output' }, usage.outputTokens);
  meters.add(FAMILIES.tokens, { model, kind: 'cached' }, usage.cachedTokens);
  if (cost !== null) meters.add(FAMILIES.cost, { model }, cost);
}
