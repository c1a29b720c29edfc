/** Owns how settings become what learns from conversations. */
import type { Config } from '../config/open-config.ts';
import type { LearningService } from '../conversations/learning/learning-service.ts';
import type { ChatDeps } from '../conversations/prepare-turn.ts';
import type { MemoryService } from '../memory/memory-service.ts';

interface LearningNeeds {
  readonly config: Config;
  readonly chatDeps: () => Promise<ChatDeps>;
  readonly memory: () => Promise<MemoryService>;
}

export async function buildLearning({ config, chatDeps, memory }: LearningNeeds): Promise<LearningService> {
  const { createLearningService } = await import('../conversations/learning/learning-service.ts');
  const { createWhatToLearn } = await import('../conversations/learning/what-to-learn.ts');
  const { store, clock, policy, resolveModel } = await chatDeps();
  const settings = config.valid();
  const { text, budgets } = policy;
  const find = createWhatToLearn({
    store,
    clock,
    resolveModel,
    guards: { text, ...(budgets === undefined ? {} : { budgets }) },
    settings: { model: settings.get('LEARNING_MODEL'), minWords: settings.get('LEARNING_MIN_WORDS') },
  });
  return createLearningService({
    store,
    clock,
    memory: await memory(),
    find,
    policy: {
      isEnabled: settings.get('LEARNING_ENABLED'),
      idleMs: settings.get('LEARNING_IDLE_MINUTES') * 60_000,
      groups: config.paths.groups,
    },
  });
}
