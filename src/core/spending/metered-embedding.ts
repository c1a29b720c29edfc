/** Owns the books of embedding calls: each is reserved and written down before it is made, and settled in the transaction that keeps what came of it. A call whose process died is counted with all it had reserved. */
import type { Clock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';
import { estimateTokens } from '../kernel/estimate-tokens.ts';
import { newId } from '../kernel/ids.ts';
import { NO_USAGE, type Usage } from '../kernel/messages.ts';
import type { EmbeddingModel } from '../llm/embedding-model.ts';
import { ModelFailure } from '../llm/language-model.ts';
import type { ModelCallState } from '../store/schema.ts';
import type { Store, Tables } from '../store/store.ts';
import type { Budgets } from './budgets.ts';

export interface MeteredEmbeddingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly budgets: Budgets;
  readonly model: EmbeddingModel;
  readonly prices: {
    /** In micro-USD; null when the price is not known. */
    cost(usage: Usage): number | null;
    /** What a call without a known price counts as. */
    ceiling(usage: Usage): number;
  };
}

export interface EmbeddingCall {
  /** Whose budgets it counts against. */
  readonly ownerId: string;
  readonly texts: readonly string[];
  /** What it is for, as it stands in the journal. */
  readonly reason: 'embed-documents' | 'embed-question';
  readonly signal: AbortSignal;
  /** Keeps the vectors, in the transaction that settles the call. */
  readonly write?: (tables: Tables, vectors: readonly Float32Array[]) => Promise<void>;
}

/** Makes the call. Throws `limit-reached` of a budget, and `ModelFailure`. */
export async function embedMetered(deps: MeteredEmbeddingDeps, call: EmbeddingCall): Promise<readonly Float32Array[]> {
  const { budgets, model } = deps;
  const { texts, reason, signal, write } = call;
  const id = await open(deps, call);
  let counted: number | undefined;
  try {
    const purpose = reason === 'embed-question' ? 'query' : 'document';
    const { vectors, inputTokens } = await model.embed({ texts, purpose, signal });
    counted = inputTokens ?? estimate(texts);
    const end = { id, state: 'done' as const, tokens: counted, isEstimated: inputTokens === undefined };
    await close(deps, end, (tables) => write?.(tables, vectors));
    return vectors;
  } catch (error) {
    // Of a call that was broken off the provider may have read everything; one that it refused is not billed.
    const isUnknown = error instanceof ModelFailure && ['cancelled', 'broken-stream'].includes(error.kind);
    const state = error instanceof ModelFailure && error.kind === 'cancelled' ? 'cancelled' : 'failed';
    const tokens = counted ?? (isUnknown ? estimate(texts) : 0);
    await close(deps, { id, state, tokens, isEstimated: isUnknown, error: toError(error).message });
    throw error;
  } finally {
    budgets.settled();
  }
}

/** Writes that calls which began before `instant` (milliseconds UTC) and never ended are lost with their process. */
export async function loseOldEmbeddings(
  { store, clock, budgets }: MeteredEmbeddingDeps,
  instant: number,
): Promise<void> {
  for (const { id } of await store.journal.openCallsOutsideTurns(instant))
    await store.transaction(async (tables) => {
      await budgets.settleLost(tables, id);
      await tables.journal.updateModelCall(id, { state: 'lost', ended_at: clock.now() });
    });
}

async function open(deps: MeteredEmbeddingDeps, { ownerId, texts, reason, signal }: EmbeddingCall): Promise<string> {
  const { budgets, clock, model, prices } = deps;
  const id = newId(clock.now());
  // No tokenizer makes more of a text than its bytes, and a few around it.
  const tokens = texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 8, 0);
  const most = usageOf(tokens);
  const use = { microUsd: prices.cost(most) ?? prices.ceiling(most), tokens };
  const owner = { userId: ownerId, conversationId: '', taskId: null, tools: [] };
  await budgets.reserve(
    { id, owner, maxOutputTokens: 0, atMost: () => use },
    async ({ journal }) => {
      await journal.insertModelCall({
        id,
        turn_id: '',
        conversation_id: '',
        user_id: ownerId,
        model: `${model.provider}/${model.model}`,
        state: 'started',
        stop_reason: reason,
        ...usageColumns(0),
        cost_micro_usd: null,
        is_estimated: 0,
        error: null,
        started_at: clock.now(),
        ended_at: null,
        task_id: null,
        tools: '',
        charged_micro_usd: use.microUsd,
        charged_tokens: use.tokens,
        is_metered: 1,
      });
    },
    signal,
  );
  return id;
}

interface CallEnd {
  readonly id: string;
  readonly state: ModelCallState;
  readonly tokens: number;
  readonly isEstimated: boolean;
  readonly error?: string;
}

async function close(
  { store, clock, budgets, prices }: MeteredEmbeddingDeps,
  { id, state, tokens, isEstimated, error }: CallEnd,
  write: (tables: Tables) => Promise<void> | undefined = async () => {},
): Promise<void> {
  const usage = usageOf(tokens);
  const cost = prices.cost(usage);
  const use = { microUsd: cost ?? prices.ceiling(usage), tokens };
  await store.transaction(async (tables) => {
    await budgets.settle(tables, id, use);
    await tables.journal.updateModelCall(id, {
      state,
      ...usageColumns(tokens),
      cost_micro_usd: cost,
      charged_micro_usd: use.microUsd,
      charged_tokens: use.tokens,
      is_estimated: isEstimated ? 1 : 0,
      error: error ?? null,
      ended_at: clock.now(),
    });
    await write(tables);
  });
}

const estimate = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + estimateTokens(text), 0);
const usageOf = (inputTokens: number): Usage => ({ ...NO_USAGE, inputTokens });
const usageColumns = (tokens: number) => ({
  input_tokens: tokens,
  output_tokens: 0,
  cached_tokens: 0,
  cache_write_tokens: 0,
});
