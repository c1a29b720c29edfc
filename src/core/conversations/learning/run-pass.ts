/** Owns one pass from its claim to its end. */
import { ClawError, toError } from '../../kernel/errors.ts';
import { requirePermission } from '../../access/permissions.ts';
import { holderOf } from '../../memory/memory.ts';
import { proveMemory } from '../../memory/memory-index.ts';
import type { LearningPassRow } from '../../store/learning-schema.ts';
import type { MemoryRow } from '../../store/memory-schema.ts';
import type { LearningDeps } from './learning-deps.ts';
import { writeLearnings } from './learnings-file.ts';
import { saidByPeople } from './said-by-people.ts';
import { writeLearned } from './write-learned.ts';

const MOST_ATTEMPTS = 3;

/** Runs a pass that this process has claimed. What is aborted, or fails in a way that was not foreseen, waits to be taken up again. */
export async function runPass(
  deps: LearningDeps,
  pass: LearningPassRow,
  signal: AbortSignal,
): Promise<LearningPassRow> {
  try {
    return pass.state === 'learned' ? await tellRoom(deps, pass) : await learn(deps, pass, signal);
  } catch (error) {
    const waits = { state: pass.state === 'learned' ? 'learned' : 'pending', runner: null } as const;
    // Whoever breaks it off tries nothing.
    const again = signal.aborted
      ? { ...waits, reason: 'broken off', attempts: pass.attempts - 1 }
      : { ...waits, reason: toError(error).message };
    await deps.store.learning.update(pass.id, again);
    return { ...pass, ...again };
  }
}

async function learn(deps: LearningDeps, pass: LearningPassRow, signal: AbortSignal): Promise<LearningPassRow> {
  const { store, clock, memory } = deps;
  const { conversation_id: conversationId, user_id: userId, from_seq: from, up_to_seq: upTo } = pass;
  const stop = await reasonNotTo(deps, pass);
  if (stop !== undefined) return close(deps, pass, { state: 'skipped', reason: stop });
  const said = saidByPeople(await store.learning.said(conversationId, from - 1, upTo));
  if (said.length === 0) return close(deps, pass, { state: 'skipped', reason: 'nobody said anything of their own' });
  const holder = await holderOf(store, { conversationId, userId });
  const { learned, reason, model } = await deps.find({ pass, holder, said }, signal);
  const isRoom = holder.userId === null;
  const state = isRoom ? 'learned' : 'done';
  const ended = { state, reason, model, ended_at: isRoom ? null : clock.now() } as const;
  const written = await store.transaction(async (tables): Promise<MemoryRow[] | undefined> => {
    // The conversation was deleted meanwhile: what was said in it is not kept in another form.
    if ((await tables.learning.byId(pass.id))?.runner !== pass.runner) return undefined;
    const rows = await writeLearned(tables, memory, { holder, pass, learned });
    await tables.learning.update(pass.id, { ...ended, learned: rows.length, ...(isRoom ? {} : { runner: null }) });
    return rows;
  });
  if (written === undefined) return { ...pass, state: 'skipped', reason: 'the conversation was deleted' };
  for (const row of written) await proveMemory(store, row);
  const done = { ...pass, ...ended, learned: written.length };
  return isRoom ? tellRoom(deps, done) : done;
}

/** Why this pass may not learn; undefined when it may. */
async function reasonNotTo({ store, policy }: LearningDeps, pass: LearningPassRow): Promise<string | undefined> {
  if (!policy.isEnabled) return 'learning is off';
  if (pass.attempts > MOST_ATTEMPTS)
    return `given up after ${MOST_ATTEMPTS} attempts: ${pass.reason ?? 'its process died'}`;
  const user = await store.users.byId(pass.user_id);
  try {
    if (user === undefined) return 'there is no such user any more';
    requirePermission({ user, scopes: null }, 'memory.change');
    return undefined;
  } catch (error) {
    if (error instanceof ClawError) return error.message;
    throw error;
  }
}

/** Lists what is learned in the room's folder, and ends the pass. */
async function tellRoom(deps: LearningDeps, pass: LearningPassRow): Promise<LearningPassRow> {
  const { store, policy } = deps;
  const holder = await holderOf(store, { conversationId: pass.conversation_id, userId: pass.user_id });
  let { reason } = pass;
  try {
    const folder = holder.name.slice('room:'.length);
    if (holder.userId === null) await writeLearnings(policy.groups, folder, await store.memories.list(holder.name, {}));
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    reason = `its list was not written: ${error.message}`;
  }
  return close(deps, pass, { state: 'done', reason });
}

async function close(
  { store, clock }: LearningDeps,
  pass: LearningPassRow,
  end: Pick<LearningPassRow, 'state' | 'reason'>,
): Promise<LearningPassRow> {
  const ended = { ...end, runner: null, ended_at: clock.now() };
  await store.learning.update(pass.id, ended);
  return { ...pass, ...ended };
}
