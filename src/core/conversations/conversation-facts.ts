/** Owns what a conversation is: its title, where it takes place, what it cost, what was branched from it, and how many there are of which kind. Everything is the owner's own, checked in the store. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { ConversationFilter } from '../store/conversation-listing.ts';
import type { ConversationRow } from '../store/conversations-table.ts';
import type { Store } from '../store/store.ts';
import { COMPLETION_ORIGIN } from './completion.ts';
import { findConversation } from './open-conversation.ts';

/** Characters of a title that a person gives. */
const MAX_TITLE = 200;

export function createConversationFacts({ store, clock }: { readonly store: Store; readonly clock: Clock }) {
  return {
    /** How many there are, and where they were begun (those of the owner, whatever the filter). */
    async count(ownerId: string, filter: ConversationFilter) {
      const origins = await store.conversations.origins(ownerId);
      return {
        total: await store.conversations.count(ownerId, visible(filter)),
        origins: origins.filter(({ origin }) => origin !== COMPLETION_ORIGIN),
      };
    },
    /** The tags of each of these conversations; they have to be the caller's. */
    tagsOfMany: (ids: readonly string[]): Promise<Map<string, string[]>> => store.search.tagsOfMany(ids),
    /** Gives it another title. Throws `not-found`, and `usage-invalid` for an empty or long one. */
    async rename(ownerId: string, id: string, title: string, by: Doer = { id: ownerId }): Promise<ConversationRow> {
      const conversation = await findConversation(store, ownerId, id);
      const wanted = titleOf(title);
      await store.transaction(async ({ conversations, audit }) => {
        await conversations.setTitle(conversation.id, wanted);
        const entry = { at: clock.now(), by: doneBy(by), action: 'conversation.rename' };
        await audit.append({ ...entry, target: conversation.id });
      });
      return { ...conversation, title: wanted };
    },
    /** Throws `not-found`. */
    facts: async (ownerId: string, id: string) => readFacts(store, await findConversation(store, ownerId, id)),
  };
}

async function readFacts(store: Store, conversation: ConversationRow) {
  const { id, owner_id: ownerId, parent_id: parentId } = conversation;
  const parent = parentId === null ? undefined : await store.conversations.find(parentId, ownerId);
  const compaction = await store.compactions.current(id);
  return {
    conversation,
    owner: (await store.users.byId(ownerId))?.username ?? ownerId,
    parentTitle: parent?.title ?? null,
    messages: await store.conversations.lastSeq(id),
    branches: await store.conversations.branches(ownerId, id),
    room: (await store.rooms.folderOfConversation(id)) ?? null,
    places: (await store.rooms.placesOf(id)).map(({ jid }) => jid),
    spent: await store.conversations.spent(id),
    /** The last message that the model gets in short; null: none. */
    compactedUpTo: compaction?.up_to_seq ?? null,
  };
}

/** Those of completion clients, one for each of their requests, only when they are asked for. */
export function visible<Filter extends ConversationFilter>(filter: Filter): Filter {
  return filter.origin === undefined ? { ...filter, without: COMPLETION_ORIGIN } : filter;
}

function titleOf(text: string): string {
  const title = text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  if (title !== '' && title.length <= MAX_TITLE) return title;
  throw new ClawError('usage-invalid', `A title has 1 to ${MAX_TITLE} characters.`);
}
