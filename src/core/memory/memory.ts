/** Owns the vocabulary of memory: categories, whose a memory is, and the one written form of its parts. */
import { ClawError } from '../kernel/errors.ts';
import { normalizeText } from '../kernel/search-text.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { MemoryCategory, MemoryOrigin, MemoryRow } from '../store/memory-schema.ts';
import type { Store } from '../store/store.ts';

export const MEMORY_CATEGORIES = [
  'user_info',
  'preferences',
  'facts',
  'notes',
  'reminders',
] as const satisfies MemoryCategory[];

/** Whose memories are meant: one person's, or those of a room's folder. Neither sees the other's. */
export interface MemoryHolder {
  /** `user:<id>` or `room:<folder>`. */
  readonly name: string;
  /** Null for a room. */
  readonly userId: string | null;
}

/** Who says so, and why; shown with the memory. */
export interface MemorySource {
  readonly origin: MemoryOrigin;
  readonly why: string;
  readonly conversationId?: string | null;
  /** The number of the message in which it was said. */
  readonly messageSeq?: number;
}

export interface MemoryInput {
  readonly category: MemoryCategory;
  readonly key: string;
  readonly value: string;
  /** Clamped to 1 … 5; absent: as before, or 3. */
  readonly importance?: number;
  /** Milliseconds UTC; null: never. Absent: as before, or never. */
  readonly expiresAt?: number | null;
}

const MAX_KEY = 100;
const MAX_VALUE = 2_000;

export const userHolder = (userId: string): MemoryHolder => ({ name: `user:${userId}`, userId });
export const roomHolder = (folder: string): MemoryHolder => ({ name: `room:${folder}`, userId: null });

/** Whose memories belong into a conversation: those of its room, or else of the user. */
export async function holderOf(
  store: Pick<Store, 'rooms'>,
  { conversationId, userId }: { readonly conversationId: string | null; readonly userId: string },
): Promise<MemoryHolder> {
  const folder = conversationId === null ? undefined : await store.rooms.folderOfConversation(conversationId);
  return folder === undefined ? userHolder(userId) : roomHolder(folder);
}

/** Lower case, words joined by `_`, so that the same thing has the same name. Throws `usage-invalid`. */
export function memoryKey(text: string): string {
  const key = normalizeText(text)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}.+#@-]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  if (key !== '' && key.length <= MAX_KEY) return key;
  throw new ClawError('usage-invalid', `A memory needs a key of 1 to ${MAX_KEY} characters, such as birthday.`);
}

/** Throws `usage-invalid` for nothing, and for more than 2,000 characters. */
export function memoryValue(text: string): string {
  const value = normalizeText(text).trim();
  if (value !== '' && value.length <= MAX_VALUE) return value;
  throw new ClawError('usage-invalid', `A memory needs a value of 1 to ${MAX_VALUE} characters.`, {
    hint: 'Keep longer texts as knowledge: claw knowledge add',
  });
}

export function memoryImportance(wanted: number): number {
  return Math.min(5, Math.max(1, Math.round(wanted)));
}

/** Throws `usage-invalid` for a category that there is not. */
export function memoryCategory(text: string): MemoryCategory {
  const found = MEMORY_CATEGORIES.find((category) => category === text.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new ClawError('usage-invalid', phrase('noMemoryCategory', JSON.stringify(text)), {
    hint: `Use one of: ${MEMORY_CATEGORIES.join(', ')}`,
  });
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** An instant (milliseconds UTC) from ISO 8601, or from a length counted from `now`: `90m`, `12h`, `30d`, `2w`; null for `never`. Throws `usage-invalid`. */
export function memoryExpiry(text: string, now: number): number | null {
  const wanted = text.trim();
  if (wanted.toLowerCase() === 'never') return null;
  const [, count, unit = ''] = /^(\d{1,6})\s*([mhdw])$/i.exec(wanted) ?? [];
  const at = count === undefined ? Date.parse(wanted) : now + Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  const isDate = count !== undefined || /^\d{4}-\d{2}-\d{2}/.test(wanted);
  if (isDate && at > now && at < 8.64e15) return at;
  throw new ClawError('usage-invalid', `${JSON.stringify(text)} is no time in the future.`, {
    hint: 'Write 2027-01-31, 2027-01-31T09:00:00Z, 90m, 12h, 30d, 2w or never.',
  });
}

/** The JSON form of a memory, the same on every surface. */
export function memoryJson(row: MemoryRow) {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  return {
    id: row.id,
    category: row.category,
    key: row.key,
    value: row.value,
    importance: row.importance,
    expires_at: iso(row.expires_at),
    state: row.state,
    reason: row.reason,
    origin: row.origin,
    why: row.why,
    conversation_id: row.conversation_id,
    message: row.message_seq,
    created_at: iso(row.created_at),
    updated_at: iso(row.updated_at),
    archived_at: iso(row.archived_at),
  };
}
