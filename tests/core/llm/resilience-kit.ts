/** What the tests of calls that are made again are written with. */
import { systemClock, type Clock } from '../../../src/core/kernel/clock.ts';
import type { Part } from '../../../src/core/kernel/messages.ts';
import { createBreakers } from '../../../src/core/llm/breakers.ts';
import {
  ModelFailure,
  type LanguageModel,
  type ModelEvent,
  type ModelFailureKind,
  type ModelRequest,
} from '../../../src/core/llm/language-model.ts';
import { FAILOVER_CLASSES } from '../../../src/core/llm/failover-rules.ts';
import type { Failover, ModelNotice } from '../../../src/core/llm/resilience.ts';
import { createResilientModel } from '../../../src/core/llm/resilient-model.ts';
import { memoryStates } from '../../fakes/memory-states.ts';
import { scriptedModel, type ScriptStep } from '../../fakes/scripted-model.ts';

export const HELLO: Part = { type: 'text', text: 'Hello', provenance: 'assistant' };

export function failure(kind: ModelFailureKind, more: { status?: number; retryAfterMs?: number } = {}): ModelFailure {
  return new ModelFailure(kind, `It failed as ${kind}.`, { provider: 'p', ...more });
}

interface Setup {
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  readonly retryCount?: number;
  readonly pauseMs?: number;
  readonly clock?: Clock;
  readonly failoverAfterMs?: number;
  readonly failoverOn?: readonly string[];
}

/** A resilient model on a clock that does not wait, with what it waited for and said. */
export function setUp({
  models,
  retryCount = 3,
  pauseMs = 30_000,
  clock,
  failoverAfterMs = 0,
  failoverOn = FAILOVER_CLASSES,
}: Setup) {
  const waits: number[] = [];
  const notices: ModelNotice[] = [];
  const failovers: Failover[] = [];
  const fake: Clock = {
    ...systemClock,
    sleep: async (ms) => {
      waits.push(ms);
    },
  };
  const breakers = createBreakers({ states: memoryStates(), clock: clock ?? fake }, pauseMs);
  const model = createResilientModel(models, {
    clock: clock ?? fake,
    breakers,
    retryCount,
    baseDelayMs: 1000,
    failoverOn: new Set(failoverOn),
    failoverAfterMs,
    onNotice: (notice) => notices.push(notice),
    onFailover: (failover) => failovers.push(failover),
  });
  return { model, waits, notices, breakers, failovers };
}

export function request(signal: AbortSignal = new AbortController().signal): ModelRequest {
  const parts: Part[] = [{ type: 'text', text: 'hi', provenance: 'owner' }];
  return { system: [], messages: [{ role: 'user', parts }], tools: [], maxOutputTokens: 100, signal };
}

export async function run(
  model: LanguageModel,
  signal?: AbortSignal,
): Promise<{ events: ModelEvent[]; error: unknown }> {
  const events: ModelEvent[] = [];
  try {
    for await (const event of model.stream(request(signal))) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

/** A model that always does the same. */
export function always(step: ScriptStep, provider = 'p', calls = 50) {
  return scriptedModel(
    Array.from({ length: calls }, () => [step]),
    { provider, model: `${provider}-model` },
  );
}
