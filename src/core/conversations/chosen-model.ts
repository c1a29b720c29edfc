/** Owns which model answers a turn when its message names none: the one chosen for its task, else for its room, else for its user, else the configured one. */
import { ClawError } from '../kernel/errors.ts';
import type { Notice } from '../kernel/events.ts';
import { noticeOf } from '../kernel/language/notice.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { ModelScope } from '../store/chain-schema.ts';
import type { Store } from '../store/store.ts';

export interface ChosenFor {
  readonly userId: string;
  readonly conversationId?: string;
  readonly taskId?: string;
}

type ChosenStore = Pick<Store, 'chain' | 'rooms'>;

/** A model that has something to say. */
interface Telling {
  readonly takeNotices: () => Notice[];
}

interface ChosenDeps<Model> {
  readonly store: ChosenStore;
  readonly resolveModel: (ref: string | undefined) => Promise<Model>;
}

/** A choice that cannot be used any more makes way for the next, and that is said; `isChosen` is false for the configured model. Throws what stands against that. */
export async function chosenModel<Model extends Telling>(
  { store, resolveModel }: ChosenDeps<Model>,
  turn: ChosenFor,
): Promise<{ readonly model: Model; readonly isChosen: boolean }> {
  const notices: Notice[] = [];
  for (const [scope, subject] of await placesOf(store, turn)) {
    const choice = await store.chain.choice(scope, subject);
    if (choice === undefined) continue;
    try {
      return { model: withNotices(await resolveModel(choice.models), notices), isChosen: true };
    } catch (error) {
      if (!(error instanceof ClawError)) throw error;
      const why = error.phrase ?? error.message;
      notices.push(noticeOf('warning', 'model-choice', phrase('chosenModelUnusable', scope, choice.models, why)));
    }
  }
  return { model: withNotices(await resolveModel(undefined), notices), isChosen: false };
}

async function placesOf(
  { rooms }: ChosenStore,
  { userId, conversationId, taskId }: ChosenFor,
): Promise<(readonly [ModelScope, string])[]> {
  const folder = conversationId === undefined ? undefined : await rooms.folderOfConversation(conversationId);
  return [
    ...(taskId === undefined ? [] : [['task', taskId] as const]),
    ...(folder === undefined ? [] : [['room', folder] as const]),
    ['user', userId],
  ];
}

function withNotices<Model extends Telling>(model: Model, notices: Notice[]): Model {
  if (notices.length === 0) return model;
  return { ...model, takeNotices: () => [...notices.splice(0), ...model.takeNotices()] };
}
