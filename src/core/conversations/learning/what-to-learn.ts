/** Owns how what is worth remembering is found: by one call of a model within the user's budgets, or by rules where no model is asked. */
import { askModel } from '../../agent/ask-model.ts';
import type { TextGuards } from '../../agent/turn.ts';
import type { Clock } from '../../kernel/clock.ts';
import { ClawError } from '../../kernel/errors.ts';
import { ModelFailure } from '../../llm/language-model.ts';
import { learnByRules } from '../../memory/learn-rules.ts';
import type { MemoryHolder } from '../../memory/memory.ts';
import type { Budgets } from '../../spending/budgets.ts';
import type { LearningPassRow } from '../../store/learning-schema.ts';
import type { Store } from '../../store/store.ts';
import type { ReadyModel } from '../prepare-turn.ts';
import { type LearnedFrom, learningQuestion, LEARNING_SYSTEM, readLearned } from './ask-what-to-learn.ts';
import { countWords, type Said } from './said-by-people.ts';

export interface LearningSource {
  readonly pass: LearningPassRow;
  readonly holder: MemoryHolder;
  readonly said: readonly Said[];
}

export interface Found {
  readonly learned: readonly LearnedFrom[];
  /** Why no model was asked, or why its answer was not used; null: it was. */
  readonly reason: string | null;
  /** `provider/model` that was asked. */
  readonly model: string | null;
}

export type WhatToLearn = (source: LearningSource, signal: AbortSignal) => Promise<Found>;

export interface FinderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly resolveModel: (ref: string | undefined) => Promise<ReadyModel>;
  readonly guards: { readonly text: TextGuards; readonly budgets?: Budgets };
  readonly settings: {
    /** Absent: the model of the conversation. */
    readonly model: string | undefined;
    /** Words below which no model is asked. */
    readonly minWords: number;
  };
}

const MAX_ANSWER_TOKENS = 1_500;

/** Throws what aborts it; every other failure of a model falls back on rules. */
export function createWhatToLearn(deps: FinderDeps): WhatToLearn {
  return async (source, signal) => {
    const { pass, said } = source;
    await loseOpenCalls(deps, pass);
    const words = countWords(said);
    if (words < deps.settings.minWords) return byRules(said, `no model was asked: only ${words} words`);
    let model: ReadyModel;
    try {
      model = await deps.resolveModel(
        deps.settings.model ?? (await deps.store.learning.lastModel(pass.conversation_id)),
      );
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      return byRules(said, `no model was asked: ${error.message}`);
    }
    if (model.isMetered === false) return byRules(said, 'no model was asked: offline mode');
    try {
      const learned = readLearned(await ask(deps, source, model, signal), said);
      const asked = { model: model.ref, reason: null };
      return learned === undefined
        ? { ...byRules(said, 'the answer of the model could not be read'), model: model.ref }
        : { ...asked, learned };
    } catch (error) {
      if (signal.aborted || !(error instanceof ModelFailure || error instanceof ClawError)) throw error;
      const why = error instanceof ModelFailure ? error.kind : error.code;
      return { ...byRules(said, `the model did not answer: ${why}`), model: model.ref };
    }
  };
}

async function ask(
  { store, clock, guards }: FinderDeps,
  { pass, holder, said }: LearningSource,
  { model, ref, asked, price, ceiling, worstCost }: ReadyModel,
  signal: AbortSignal,
): Promise<string> {
  const known = await store.memories.top(holder.name, clock.now(), 100);
  const question = guards.text.mask(learningQuestion(said, known));
  return askModel(
    { store, clock, model, text: guards.text },
    {
      id: pass.id,
      conversationId: pass.conversation_id,
      userId: pass.user_id,
      modelRef: ref,
      ...(asked === undefined ? {} : { asked }),
      price,
      ceiling,
      ...(worstCost === undefined ? {} : { worstCost }),
      ...(guards.budgets === undefined ? {} : { budgets: guards.budgets }),
    },
    {
      system: LEARNING_SYSTEM,
      messages: [{ role: 'user', parts: [{ type: 'text', text: question, provenance: 'claw' }] }],
      tools: [],
      maxOutputTokens: MAX_ANSWER_TOKENS,
      signal,
    },
  );
}

/** Calls of a process that died in the middle: nobody knows how they ended. */
async function loseOpenCalls({ store, guards, clock }: FinderDeps, pass: LearningPassRow): Promise<void> {
  for (const { id, state } of await store.journal.modelCalls(pass.id)) {
    if (state !== 'started') continue;
    await store.transaction(async (tables) => {
      await guards.budgets?.settleLost(tables, id);
      await tables.journal.updateModelCall(id, { state: 'lost', ended_at: clock.now() });
    });
  }
}

function byRules(said: readonly Said[], reason: string): Found {
  const learned = said.flatMap((each) => learnByRules(each.text).map((found) => ({ ...found, said: each })));
  return { learned, reason, model: null };
}
