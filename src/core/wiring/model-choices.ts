/** Owns how the choices of models for rooms, tasks and users are wired. */
import type { Actor } from '../access/actor.ts';
import type { ModelChoiceService } from '../conversations/model-choices.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Models } from '../llm/open-models.ts';
import type { Store } from '../store/store.ts';

export interface ModelChoiceNeeds {
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly models: () => Promise<Models>;
}

export async function buildModelChoices({ clock, store, models }: ModelChoiceNeeds): Promise<ModelChoiceService> {
  const { createModelChoices } = await import('../conversations/model-choices.ts');
  const { findTask } = await import('../tasks/task-actor.ts');
  return createModelChoices({
    store: await store(),
    clock,
    chain: async (text) => (await models()).chain(text),
    findTask: (tables, { user }: Actor, name) =>
      findTask(tables, { user, chatId: null, isAll: user.role === 'admin' }, name),
  });
}
