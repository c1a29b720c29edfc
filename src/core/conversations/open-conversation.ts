/** Owns how a message finds its conversation: the one it names, if it is the sender's own, or a new one. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { ConversationRow } from '../store/conversations-table.ts';
import type { Store } from '../store/store.ts';

/** Characters of the first message that make the title. */
const TITLE_LENGTH = 60;

interface OpenRequest {
  readonly userId: string;
  readonly conversationId?: string;
  readonly text: string;
  /** A conversation that does not exist yet is begun with the id that was given, a whole UUID. */
  readonly mayCreate?: boolean;
  /** Where a new conversation comes from; absent: the terminal. */
  readonly origin?: string;
}

/** The id of the conversation to use. Throws `not-found` for one that is another's, or does not exist and may not be created. */
export async function openConversation(deps: { store: Store; clock: Clock }, request: OpenRequest): Promise<string> {
  const { userId: ownerId, conversationId, text: title, mayCreate = false, origin = 'terminal' } = request;
  const row = newConversation({ ownerId, title, origin }, deps.clock.now());
  if (conversationId === undefined) {
    await deps.store.conversations.insert(row);
    return row.id;
  }
  if (mayCreate) await deps.store.conversations.insertIfAbsent({ ...row, id: conversationId.toLowerCase() });
  return (await findConversation(deps.store, ownerId, conversationId)).id;
}

/** The row of a conversation that begins now. A long title is shortened. */
export function newConversation(
  { ownerId, title, origin }: { readonly ownerId: string; readonly title: string; readonly origin: string },
  now: number,
): ConversationRow {
  return {
    id: newId(now),
    owner_id: ownerId,
    title: titleOf(title),
    origin,
    parent_id: null,
    parent_seq: null,
    created_at: now,
    updated_at: now,
  };
}

/** By whole id, or by a prefix of at least six characters that names exactly one of the owner's conversations. */
export async function findConversation(store: Store, ownerId: string, idOrPrefix: string): Promise<ConversationRow> {
  const wanted = idOrPrefix.trim().toLowerCase();
  const whole = await store.conversations.find(wanted, ownerId);
  if (whole !== undefined) return whole;
  const found = /^[0-9a-f-]{6,35}$/.test(wanted) ? await store.conversations.findByPrefix(wanted, ownerId) : [];
  const [only, second] = found;
  if (second !== undefined) throw new ClawError('usage-invalid', phrase('moreThanOneConversation', wanted));
  if (only === undefined) {
    throw new ClawError('not-found', phrase('noConversation', JSON.stringify(idOrPrefix)), {
      hint: phrase('seeConversations'),
    });
  }
  return only;
}

function titleOf(text: string): string {
  const line = text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= TITLE_LENGTH ? line : `${characters.slice(0, TITLE_LENGTH - 1).join('')}…`;
}
