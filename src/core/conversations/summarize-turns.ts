/** Owns what is told of a turn beside its messages: how it ended, what it used, where it was asked for. */
import { isProcessAlive } from '../kernel/process-identity.ts';
import type { Store } from '../store/store.ts';

export interface TurnSummary {
  readonly id: string;
  /** `abandoned`: its process died; the next message goes on with it. */
  readonly state: string;
  readonly stopReason: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** `provider/model` that was asked first. */
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when a price is unknown. */
  readonly costUsd: number | null;
  /** `terminal`, or the chat platforms its messages came by. */
  readonly channels: readonly string[];
  /** Milliseconds UTC. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** Those of the ids that there are, in no order. */
export async function summarizeTurns(
  { journal, inbound }: Pick<Store, 'journal' | 'inbound'>,
  ids: readonly string[],
): Promise<TurnSummary[]> {
  const spent = new Map((await journal.spentIn(ids)).map((row) => [row.turn_id, row]));
  const channels = Map.groupBy(await inbound.channelsOf(ids), ({ turn_id: id }) => id);
  return (await journal.turnsOf(ids)).map((turn) => {
    const used = spent.get(turn.id);
    const isAbandoned = turn.state === 'running' && !isProcessAlive(turn.runner);
    return {
      id: turn.id,
      state: isAbandoned ? 'abandoned' : turn.state,
      stopReason: turn.stop_reason,
      error: readError(turn.error),
      model: turn.model,
      inputTokens: used?.input_tokens ?? 0,
      outputTokens: used?.output_tokens ?? 0,
      costUsd: used !== undefined && used.unpriced_calls > 0 ? null : (used?.cost_micro_usd ?? 0) / 1e6,
      channels: (channels.get(turn.id) ?? []).map(({ channel }) => channel),
      startedAt: turn.started_at,
      endedAt: turn.ended_at,
    };
  });
}

function readError(json: string | null): TurnSummary['error'] {
  return json === null ? null : (JSON.parse(json) as TurnSummary['error']);
}
