/** Owns what the tests of learning share: a chat whose model is asked after conversations too. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLearningService } from '../../../../src/core/conversations/learning/learning-service.ts';
import { createWhatToLearn } from '../../../../src/core/conversations/learning/what-to-learn.ts';
import { createMemoryService } from '../../../../src/core/memory/memory-service.ts';
import { userHolder } from '../../../../src/core/memory/memory.ts';
import { chatKit, type Reply } from '../chat-kit.ts';

interface Options {
  readonly isEnabled?: boolean;
  readonly minWords?: number;
  readonly isMetered?: boolean;
}

/** `script`: what the model answers, to turns and to passes alike. */
export async function learningKit(script: readonly Reply[], options: Options = {}) {
  const kit = await chatKit(script, { secret: 'made-up-secret' });
  const { store, deps, userId } = kit;
  const { clock } = deps;
  const { text } = deps.policy;
  const groups = join(kit.home, 'groups');
  mkdirSync(groups, { recursive: true });
  const limits = { user_info: 20, preferences: 30, facts: 50, notes: 80, reminders: 20 };
  const memory = createMemoryService({ store, clock, limits, mask: text.mask });
  const resolveModel: typeof deps.resolveModel = async (ref) => ({
    ...(await deps.resolveModel(ref)),
    isMetered: options.isMetered ?? true,
  });
  const settings = { model: undefined, minWords: options.minWords ?? 3 };
  const find = createWhatToLearn({ store, clock, resolveModel, guards: { text }, settings });
  const policy = { isEnabled: options.isEnabled ?? true, idleMs: 1_800_000, groups };
  const learning = createLearningService({ store, clock, memory, find, policy });
  const holder = userHolder(userId);
  /** Ends the conversation and runs what waits. */
  const learn = async (conversationId: string) => {
    await learning.end(conversationId);
    return learning.run(AbortSignal.timeout(10_000));
  };
  return { ...kit, memory, learning, learn, holder, groups };
}

/** What a model answers that has learned these. */
export const answerOf = (...memories: object[]): Reply => ({ text: `Here you are: ${JSON.stringify({ memories })}` });
