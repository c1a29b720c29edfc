/** Owns what is remembered: one row per holder, category and key. A newer value replaces the older, which becomes history; what is over a limit, expired or removed goes to the archive, not to nothing. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { MemoryHistoryRow, MemoryFilter } from '../store/memories-table.ts';
import type { MemoryCategory, MemoryRow } from '../store/memory-schema.ts';
import type { FoundMemory } from '../store/sqlite/memory-index.ts';
import type { OwnedIndexCheck } from '../store/sqlite/check-owned-index.ts';
import type { Store, Tables } from '../store/store.ts';
import { checkMemoryIndex, indexMemories, proveMemory, rebuildMemoryIndex } from './memory-index.ts';
import {
  MEMORY_CATEGORIES,
  memoryCategory,
  type MemoryHolder,
  memoryImportance,
  type MemoryInput,
  memoryKey,
  type MemorySource,
  memoryValue,
} from './memory.ts';

export interface MemoryDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Most active memories of a holder, by category. */
  readonly limits: Readonly<Record<MemoryCategory, number>>;
  /** Hides secrets; they are never remembered. */
  readonly mask: (text: string) => string;
}

export interface Remembered {
  readonly memory: MemoryRow;
  /** The value it had before, when that was another. */
  readonly replaced: string | undefined;
  /** What had to go to the archive for it. */
  readonly archived: readonly MemoryRow[];
}

export interface MemoryCount {
  readonly category: MemoryCategory;
  readonly active: number;
  readonly archived: number;
  readonly limit: number;
}

export type MemoryService = ReturnType<typeof createMemoryService>;

export function createMemoryService(deps: MemoryDeps) {
  const { store, clock } = deps;
  return {
    /** Adds, or replaces the value of the same category and key. Throws `usage-invalid`. */
    add: (holder: MemoryHolder, input: MemoryInput, source: MemorySource): Promise<Remembered> =>
      add(deps, holder, input, source),
    /** The same within a transaction of the caller's. */
    addWithin: (tables: Tables, holder: MemoryHolder, input: MemoryInput, source: MemorySource): Promise<Remembered> =>
      addWithin(deps, tables, holder, input, source),
    /** The best first; nothing for a blank query. */
    async search(holder: MemoryHolder, query: string, { limit = 10 }: { limit?: number } = {}): Promise<FoundMemory[]> {
      await indexMemories(store);
      return store.memories.search(holder.name, query, { now: clock.now(), limit });
    },
    /** By category and key; expired ones are in the archive. */
    async list(holder: MemoryHolder, filter: MemoryFilter = {}): Promise<MemoryRow[]> {
      await store.transaction((tables) => archiveExpired(tables, holder, clock.now()));
      return store.memories.list(holder.name, filter);
    },
    /** By id, the beginning of it, `category/key` or a key. Throws `not-found`. */
    find: (holder: MemoryHolder, reference: string): Promise<MemoryRow> => find(store, holder, reference),
    /** The values it had before, oldest first. */
    history: (memory: MemoryRow): Promise<MemoryHistoryRow[]> => store.memories.history(memory.id),
    /** Puts it into the archive. Throws `not-found`. */
    async remove(holder: MemoryHolder, reference: string): Promise<MemoryRow> {
      const now = clock.now();
      return store.transaction(async (tables) => {
        const row = await find(tables, holder, reference);
        return row.state === 'archived' ? row : archive(tables, row, 'removed', now);
      });
    },
    /** Deletes it with its history, for good. Throws `not-found`. */
    async erase(holder: MemoryHolder, reference: string): Promise<MemoryRow> {
      return store.transaction(async (tables) => {
        const row = await find(tables, holder, reference);
        await tables.memories.erase(holder.name, row.id);
        return row;
      });
    },
    /** Takes one out of the archive; without a reference the one that was removed last. Throws `not-found`. */
    restore: (holder: MemoryHolder, reference?: string): Promise<Remembered> => restore(deps, holder, reference),
    async counts(holder: MemoryHolder): Promise<MemoryCount[]> {
      const rows = await store.memories.counts(holder.name);
      const count = (category: MemoryCategory, state: MemoryRow['state']): number =>
        rows.find((row) => row.category === category && row.state === state)?.count ?? 0;
      return MEMORY_CATEGORIES.map((category) => ({
        category,
        active: count(category, 'active'),
        archived: count(category, 'archived'),
        limit: deps.limits[category],
      }));
    },
    /** The self-test of the index, of everybody's memories. */
    checkIndex: (): Promise<OwnedIndexCheck> => checkMemoryIndex(store),
    /** Makes the index anew, for all users and rooms; returns how many memories it holds. */
    rebuildIndex: (): Promise<number> => rebuildMemoryIndex(store),
  };
}

async function add(
  deps: MemoryDeps,
  holder: MemoryHolder,
  input: MemoryInput,
  source: MemorySource,
): Promise<Remembered> {
  const done = await deps.store.transaction((tables) => addWithin(deps, tables, holder, input, source));
  await proveMemory(deps.store, done.memory);
  return done;
}

async function addWithin(
  { clock, limits, mask }: MemoryDeps,
  tables: Tables,
  holder: MemoryHolder,
  input: MemoryInput,
  source: MemorySource,
): Promise<Remembered> {
  const now = clock.now();
  const category = memoryCategory(input.category);
  const key = memoryKey(mask(input.key));
  const value = memoryValue(mask(input.value));
  await archiveExpired(tables, holder, now);
  const found = await tables.memories.byKey({ holder: holder.name, category, key });
  const set = {
    value,
    importance: memoryImportance(input.importance ?? (found?.state === 'active' ? found.importance : 3)),
    expires_at:
      input.expiresAt === undefined && found?.state === 'active' ? found.expires_at : (input.expiresAt ?? null),
    state: 'active' as const,
    reason: null,
    origin: source.origin,
    why: mask(source.why),
    conversation_id: source.conversationId ?? null,
    message_seq: source.messageSeq ?? null,
    updated_at: now,
    archived_at: null,
  };
  const isOther = found !== undefined && found.value !== value;
  if (isOther) await keepHistory(tables, found, now);
  const row = { id: newId(now), holder: holder.name, user_id: holder.userId, category, key, created_at: now, ...set };
  const memory = found === undefined ? await tables.memories.insert(row) : await tables.memories.update(found.id, set);
  const archived = await keepLimit(tables, memory, limits[category], now);
  return { memory, replaced: isOther && found.state === 'active' ? found.value : undefined, archived };
}

async function restore(
  { store, clock, limits }: MemoryDeps,
  holder: MemoryHolder,
  reference?: string,
): Promise<Remembered> {
  const now = clock.now();
  return store.transaction(async (tables) => {
    const row =
      reference === undefined ? await tables.memories.lastRemoved(holder.name) : await find(tables, holder, reference);
    if (row === undefined) throw new ClawError('not-found', phrase('nothingToRestore'));
    const isOver = row.expires_at !== null && row.expires_at <= now;
    const memory = await tables.memories.update(row.id, {
      state: 'active',
      reason: null,
      archived_at: null,
      updated_at: now,
      ...(isOver ? { expires_at: null } : {}),
    });
    return { memory, replaced: undefined, archived: await keepLimit(tables, memory, limits[row.category], now) };
  });
}

/** Archives the least important, then the oldest, beyond the limit. */
async function keepLimit(
  tables: Tables,
  { holder, category }: MemoryRow,
  limit: number,
  now: number,
): Promise<MemoryRow[]> {
  const surplus = await tables.memories.surplus(holder, category, limit);
  const archived: MemoryRow[] = [];
  for (const row of surplus) archived.push(await archive(tables, row, 'over-limit', now));
  return archived;
}

async function archiveExpired(tables: Tables, holder: MemoryHolder, now: number): Promise<void> {
  for (const row of await tables.memories.expired(holder.name, now)) await archive(tables, row, 'expired', now);
}

function archive({ memories }: Tables, row: MemoryRow, reason: string, now: number): Promise<MemoryRow> {
  return memories.update(row.id, { state: 'archived', reason, archived_at: now });
}

async function keepHistory({ memories }: Tables, row: MemoryRow, now: number): Promise<void> {
  const { value, importance, origin, why, conversation_id } = row;
  const before = { value, importance, origin, why, conversation_id, set_at: row.updated_at, replaced_at: now };
  await memories.insertHistory({ memory_id: row.id, ...before });
}

async function find({ memories }: Tables, holder: MemoryHolder, reference: string): Promise<MemoryRow> {
  const wanted = reference.trim();
  const byId = /^[0-9a-f-]{6,36}$/i.test(wanted) ? await memories.byIdPrefix(holder.name, wanted.toLowerCase()) : [];
  const [category, ...rest] = wanted.split('/');
  const isNamed = rest.length > 0;
  const key = memoryKey(isNamed ? rest.join('/') : wanted);
  const categories = isNamed ? [memoryCategory(category ?? '')] : MEMORY_CATEGORIES;
  const found = [...byId];
  for (const each of found.length > 0 ? [] : categories) {
    const row = await memories.byKey({ holder: holder.name, category: each, key });
    if (row !== undefined) found.push(row);
  }
  const [only, second] = found.length > 1 && byId.length === 0 ? preferActive(found) : found;
  if (second !== undefined) {
    throw new ClawError('usage-invalid', phrase('moreThanOneMemory', JSON.stringify(reference)), {
      hint: `Say which: ${found.map((row) => `${row.category}/${row.key}`).join(', ')}`,
    });
  }
  if (only !== undefined) return only;
  throw new ClawError('not-found', phrase('noMemory', JSON.stringify(reference)), {
    hint: phrase('seeMemories'),
  });
}

function preferActive(rows: readonly MemoryRow[]): readonly MemoryRow[] {
  const active = rows.filter(({ state }) => state === 'active');
  return active.length === 0 ? rows : active;
}
