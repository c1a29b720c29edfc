/** Owns taking over conversations and their messages: in their order, with their own times, as things that were said elsewhere. No turn, call or delivery is made up for them. */
import { newId } from '../kernel/ids.ts';
import type { Part } from '../kernel/messages.ts';
import type { Store } from '../store/store.ts';
import type { ImportedConversation, ImportedMessage } from './imported.ts';
import { type ImportRun, ownerOf, skip, type Taker } from './taker.ts';

/** Hides secrets in a text. */
type Mask = (text: string) => string;

const MAX_TITLE = 80;
/** `keep`: the nightly clean-up leaves them, however old they are. */
const TAGS = ['imported', 'keep'] as const;
const KEPT = 'They have the tags imported and keep, so that the nightly clean-up leaves them.';

export function takeConversation(store: Store, run: ImportRun, mask: Mask): Taker<ImportedConversation> {
  return {
    async known({ sourceId, owner }, { target_id: id }) {
      const { conversations } = store;
      const { role } = ownerOrSelf(run, owner);
      const row = await conversations.find(id, (await conversations.ownerOf(id)) ?? '');
      const [last] = row === undefined ? [] : await conversations.messages(id, await conversations.lastSeq(id));
      run.conversation = {
        sourceId,
        id: row?.id ?? null,
        role,
        turnId: last?.turn_id,
        updatedAt: row?.updated_at ?? 0,
      };
    },
    async decide({ sourceId, owner, title, origin, folder, tags = [], createdAt = run.now }) {
      run.conversation = undefined;
      const user = ownerOf(run, owner);
      const id = newId(run.now);
      run.conversation = { sourceId, id, role: user.role, turnId: undefined, updatedAt: createdAt };
      return {
        state: 'new',
        targetId: id,
        remark: KEPT,
        async write({ conversations, rooms, search }) {
          await conversations.insert({
            id,
            owner_id: user.id,
            title: shortTitle(mask(title)),
            origin,
            parent_id: null,
            parent_seq: null,
            created_at: createdAt,
            updated_at: createdAt,
          });
          for (const tag of [...TAGS, ...tags]) await search.addTag(id, tag.toLowerCase(), run.now);
          const place = folder === undefined ? undefined : await rooms.folder(folder);
          if (place?.conversation_id === null) await rooms.setFolderConversation(place.folder, id);
        },
      };
    },
  };
}

function ownerOrSelf(run: ImportRun, owner: string | undefined) {
  return (owner === undefined ? run.owner : run.users.get(owner)) ?? run.owner;
}

export function takeMessage(run: ImportRun, mask: Mask): Taker<ImportedMessage> {
  return {
    async decide({ conversation, role, parts, createdAt = run.now }) {
      const open = run.conversation;
      if (open?.sourceId !== conversation) return skip('its conversation was not taken over');
      const { id } = open;
      if (id === null) return skip('its conversation was deleted here');
      // A person's words begin a turn; what follows belongs to it.
      if (role === 'user' || open.turnId === undefined) open.turnId = newId(run.now);
      const updatedAt = Math.max(open.updatedAt, createdAt);
      open.updatedAt = updatedAt;
      const row = {
        conversation_id: id,
        turn_id: open.turnId,
        role,
        parts: JSON.stringify(parts.map((part) => cleanPart(part, mask, open.role))),
        state: 'complete' as const,
        created_at: createdAt,
      };
      return {
        state: 'new',
        targetId: id,
        async write({ conversations }) {
          await conversations.append(row);
          await conversations.touch(id, updatedAt);
        },
      };
    },
  };
}

/** Without secrets; the words of an admin are the owner's, as everywhere. */
function cleanPart(part: Part, mask: Mask, role: string): Part {
  switch (part.type) {
    case 'text': {
      const provenance = part.provenance === 'user' && role === 'admin' ? 'owner' : part.provenance;
      return { ...part, text: mask(part.text.normalize('NFC')), provenance };
    }
    case 'tool-result':
      return { ...part, output: mask(part.output) };
    case 'tool-call':
      return { ...part, input: JSON.parse(mask(JSON.stringify(part.input))) as typeof part.input };
    case 'reasoning':
    case 'image':
      return part;
  }
}

function shortTitle(text: string): string {
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed();
  const shown = line === '' ? 'Imported conversation' : line;
  return [...shown].length <= MAX_TITLE ? shown : `${[...shown].slice(0, MAX_TITLE - 1).join('')}…`;
}
