/** Owns learning at the end of a conversation: a pass is a row before anything else happens, so that a killed one is taken up again, and what it finds is written in the transaction that ends it. */
import { currentProcess, isProcessAlive } from '../../kernel/process-identity.ts';
import type { LearningPassRow } from '../../store/learning-schema.ts';
import { COMPLETION_ORIGIN } from '../completion.ts';
import { endConversation } from './end-conversation.ts';
import type { LearningDeps } from './learning-deps.ts';
import { runPass } from './run-pass.ts';

export type LearningService = ReturnType<typeof createLearningService>;

/** A conversation that was quiet for longer is history: nobody expects claw to go through it. */
const LONGEST_QUIET_MS = 24 * 60 * 60_000;
const CONVERSATIONS_AT_ONCE = 20;

export function createLearningService(deps: LearningDeps) {
  const { store, clock, policy } = deps;
  const end = async (conversationId: string): Promise<LearningPassRow | undefined> =>
    policy.isEnabled ? endConversation(deps, conversationId) : undefined;
  return {
    /** Writes down that a conversation has ended and is to be looked at; undefined when nobody said anything since the last time, or learning is off. */
    end,
    /** The same for conversations in which nobody spoke for a while; returns how many. */
    async endQuiet(): Promise<number> {
      if (!policy.isEnabled || policy.idleMs === 0) return 0;
      const to = clock.now() - policy.idleMs;
      const quiet = { from: to - LONGEST_QUIET_MS, to, without: [COMPLETION_ORIGIN] };
      const ids = await store.learning.quiet(quiet, CONVERSATIONS_AT_ONCE);
      for (const id of ids) await end(id);
      return ids.length;
    },
    /** Runs every pass, of one user if given, that waits or whose process died; returns those that it ended. */
    async run(signal: AbortSignal, userId?: string): Promise<LearningPassRow[]> {
      const done: LearningPassRow[] = [];
      for (const { id } of await store.learning.open(userId)) {
        if (signal.aborted) break;
        const pass = await claim(deps, id);
        if (pass !== undefined) done.push(await runPass(deps, pass, signal));
      }
      return done;
    },
    /** The passes of a user, newest first. */
    passes: (userId: string, limit: number): Promise<LearningPassRow[]> => store.learning.ofUser(userId, limit),
  };
}

/** The pass, when nobody else works on it. */
function claim({ store }: LearningDeps, id: string): Promise<LearningPassRow | undefined> {
  const runner = currentProcess();
  return store.transaction(async ({ learning }) => {
    const row = await learning.byId(id);
    if (row === undefined || row.state === 'done' || row.state === 'skipped') return undefined;
    if (row.runner !== null && isProcessAlive(row.runner)) return undefined;
    const state = row.state === 'learned' ? 'learned' : 'running';
    const attempts = row.attempts + 1;
    await learning.update(id, { state, runner, attempts });
    return { ...row, state, runner, attempts };
  });
}
