/** Owns the rounds over conversations: those that nobody used for long, those beyond the number a user keeps, and old messages of those that never end. */
import type { AgeingConversation } from '../store/retention-conversations.ts';
import type { Cleaning } from './clean-rows.ts';
import { inSteps } from './in-steps.ts';

/** Conversations that are emptied together. */
const AT_ONCE = 50;

/** `requestOrigin`: where conversations come from of which each request of a client makes one; they are counted by themselves. */
export async function cleanConversations(cleaning: Cleaning, requestOrigin: string): Promise<void> {
  for (const owner of await cleaning.store.retention.owners()) await giveUpOld(cleaning, owner, requestOrigin);
  if (!cleaning.isTrial) await removeGivenUp(cleaning);
  await trimStanding(cleaning);
}

async function giveUpOld(cleaning: Cleaning, owner: string, requestOrigin: string): Promise<void> {
  const { store, pace, limits, counts, isTrial, signal } = cleaning;
  const kept = { talks: 0, requests: 0 };
  const isOver = (conversation: AgeingConversation): boolean => {
    if (conversation.is_kept === 1) return false;
    kept[conversation.origin === requestOrigin ? 'requests' : 'talks'] += 1;
    const count = conversation.origin === requestOrigin ? kept.requests : kept.talks;
    return (
      isOld(conversation, limits.conversations) || (limits.conversationCount > 0 && count > limits.conversationCount)
    );
  };
  let after: AgeingConversation | undefined;
  await inSteps(pace, signal, (most) =>
    store.transaction(async ({ retention }) => {
      const page = await retention.ageing(owner, after, most);
      const old = page.filter(isOver).map(({ id }) => id);
      const idle = old.length === 0 ? [] : await retention.idle(old, limits.now);
      if (isTrial) {
        counts.add('conversations', { rows: idle.length, bytes: 0 });
        counts.add('messages', await retention.weigh(idle));
      } else if (idle.length > 0) await retention.giveUp(idle, limits.now);
      after = page.at(-1);
      return page.length < most ? 'done' : 'more';
    }),
  );
}

/** By its last use; one that came from elsewhere with its old dates is as old as its time here. */
function isOld({ id, updated_at: updatedAt }: AgeingConversation, limit: number): boolean {
  if (updatedAt >= limit) return false;
  const madeAt = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id);
  return madeAt === null || Number.parseInt(`${madeAt[1]}${madeAt[2]}`, 16) < limit;
}

/** What a run that was killed left too. */
async function removeGivenUp({ store, pace, counts, signal }: Cleaning): Promise<void> {
  for (;;) {
    const ids = await store.retention.givenUp(AT_ONCE);
    if (ids.length === 0) return;
    await inSteps(pace, signal, (most) =>
      store.transaction(async ({ retention }) => {
        const { messages, turns, isDone } = await retention.emptyOut(ids, most);
        counts.add('messages', messages);
        counts.add('turns', { rows: turns, bytes: 0 });
        if (!isDone) return 'more';
        await retention.removeEmpty(ids);
        counts.add('conversations', { rows: ids.length, bytes: 0 });
        return 'done';
      }),
    );
  }
}

async function trimStanding({ store, pace, limits, counts, isTrial, signal }: Cleaning): Promise<void> {
  if (limits.conversations === 0) return;
  let last = '';
  for (;;) {
    const ids = await store.retention.standing(last, AT_ONCE);
    for (const id of ids) {
      let after: number | undefined = 0;
      await inSteps(pace, signal, (most) =>
        store.transaction(async ({ retention }) => {
          const request = { limit: limits.conversations, now: limits.now, after: after ?? 0, most, isTrial };
          const step = await retention.trim(id, request);
          counts.add('messages', step.gone);
          counts.add('turns', { rows: step.turns, bytes: 0 });
          after = step.after;
          return after === undefined ? 'done' : 'more';
        }),
      );
    }
    last = ids.at(-1) ?? '';
    if (ids.length < AT_ONCE) return;
  }
}
