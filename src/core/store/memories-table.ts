/** Owns the queries on memories. Each names the holder, so that nobody's are seen by another; rows and index change together. */
import { type Insertable, type Kysely, type Selectable, type SelectQueryBuilder, sql, type Updateable } from 'kysely';
import type { MemoriesTable, MemoryCategory, MemoryHistoryTable, MemoryRow } from './memory-schema.ts';
import type { Schema } from './schema.ts';
import { checkOwnedIndex, type OwnedIndexCheck } from './sqlite/check-owned-index.ts';
import { type FoundMemory, memoryIndex, memoryText, searchMemories } from './sqlite/memory-index.ts';

export type MemoryHistoryRow = Selectable<MemoryHistoryTable>;
export type MemoryQueries = ReturnType<typeof lookups> &
  ReturnType<typeof reads> &
  ReturnType<typeof changes> &
  ReturnType<typeof indexing>;

/** What a memory is found by. */
export interface MemoryKey {
  readonly holder: string;
  readonly category: MemoryCategory;
  readonly key: string;
}

export interface MemoryFilter {
  readonly category?: MemoryCategory | undefined;
  readonly state?: MemoryRow['state'];
  /** A part of the key or the value; case does not matter. */
  readonly text?: string | undefined;
  /** Key and category by alphabet when absent. */
  readonly sort?: 'name' | 'updated' | 'importance' | undefined;
  /** At most so many, all when absent, and how many before them are left out. */
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export function memoriesTable(db: Kysely<Schema>): MemoryQueries {
  return { ...lookups(db), ...reads(db), ...changes(db), ...indexing(db) };
}

const selectOf = (db: Kysely<Schema>) => (holder: string) =>
  db.selectFrom('memories').selectAll().where('holder', '=', holder);

function lookups(db: Kysely<Schema>) {
  const ofHolder = selectOf(db);
  return {
    byKey({ holder, category, key }: MemoryKey): Promise<MemoryRow | undefined> {
      return ofHolder(holder).where('category', '=', category).where('key', '=', key).executeTakeFirst();
    },
    /** At most two rows whose id begins with `prefix`: two means it is ambiguous. */
    byIdPrefix(holder: string, prefix: string): Promise<MemoryRow[]> {
      return ofHolder(holder)
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2)
        .execute();
    },
    /** By category, then key, unless `sort` says otherwise. */
    list: (holder: string, filter: MemoryFilter): Promise<MemoryRow[]> => listed(ofHolder(holder), filter).execute(),
    /** Active and not expired at `now`: the most important first, then the newest. */
    top(holder: string, now: number, limit: number): Promise<MemoryRow[]> {
      return ofHolder(holder)
        .where('state', '=', 'active')
        .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .orderBy('importance', 'desc')
        .orderBy('updated_at', 'desc')
        .limit(limit)
        .execute();
    },
    /** Those of the names `category/key` that are active and not expired at `now`. */
    async named(holder: string, names: readonly string[], now: number): Promise<MemoryRow[]> {
      const wanted = new Set(names);
      const keys = names.map((name) => name.slice(name.indexOf('/') + 1));
      const rows = await ofHolder(holder)
        .where('category', 'in', [...new Set(names.map((name) => name.slice(0, name.indexOf('/')) as MemoryCategory))])
        .where('key', 'in', keys)
        .where('state', '=', 'active')
        .execute();
      return rows.filter(
        ({ category, key, expires_at }) =>
          wanted.has(`${category}/${key}`) && (expires_at === null || expires_at > now),
      );
    },
    search: (holder: string, query: string, page: { now: number; limit: number }): Promise<FoundMemory[]> =>
      searchMemories(db, holder, query, page),
  };
}

function listed(all: SelectQueryBuilder<Schema, 'memories', MemoryRow>, filter: MemoryFilter) {
  const { category, state = 'active', text, sort = 'name', limit, offset } = filter;
  const found = all
    .where('state', '=', state)
    .$if(category !== undefined, (query) => query.where('category', '=', category ?? 'notes'))
    .$if(text !== undefined, (query) => query.where(holds((text ?? '').normalize('NFC').toLowerCase())));
  const ordered = {
    name: found,
    updated: found.orderBy('updated_at', 'desc'),
    importance: found.orderBy('importance', 'desc'),
  };
  const sorted = ordered[sort].orderBy('category').orderBy('key');
  return limit === undefined ? sorted : sorted.limit(limit).offset(offset ?? 0);
}

/** Key or value hold the text, as text: no sign of it means anything. */
const holds = (text: string) => sql<boolean>`(instr(key, ${text}) > 0 or instr(lower(value), ${text}) > 0)`;

function reads(db: Kysely<Schema>) {
  const ofHolder = selectOf(db);
  return {
    /** Active ones of a category that no longer fit beside `keep` others: the least important, then the oldest. */
    surplus(holder: string, category: MemoryCategory, keep: number): Promise<MemoryRow[]> {
      return ofHolder(holder)
        .where('state', '=', 'active')
        .where('category', '=', category)
        .orderBy('importance', 'desc')
        .orderBy('updated_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(100_000)
        .offset(keep)
        .execute();
    },
    expired(holder: string, now: number): Promise<MemoryRow[]> {
      return ofHolder(holder).where('state', '=', 'active').where('expires_at', '<=', now).execute();
    },
    lastRemoved(holder: string): Promise<MemoryRow | undefined> {
      return ofHolder(holder)
        .where('state', '=', 'archived')
        .where('reason', '=', 'removed')
        .orderBy('archived_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
    },
    /** Oldest first. */
    history(memoryId: string): Promise<MemoryHistoryRow[]> {
      return db.selectFrom('memory_history').selectAll().where('memory_id', '=', memoryId).orderBy('seq').execute();
    },
    counts(holder: string): Promise<{ category: MemoryCategory; state: MemoryRow['state']; count: number }[]> {
      return db
        .selectFrom('memories')
        .select(({ fn }) => ['category', 'state', fn.countAll<number>().as('count')])
        .where('holder', '=', holder)
        .groupBy(['category', 'state'])
        .execute();
    },
  };
}

function changes(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<MemoriesTable>): Promise<MemoryRow> {
      const inserted = await db.insertInto('memories').values(row).returningAll().executeTakeFirstOrThrow();
      await putInIndex(db, inserted);
      return inserted;
    },
    /** Changes a row; one that is active afterwards is found by its new text, one that is not is not found. */
    async update(id: string, change: Updateable<MemoriesTable>): Promise<MemoryRow> {
      const row = await db
        .updateTable('memories')
        .set(change)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      if (row.state === 'active') await putInIndex(db, row);
      else await memoryIndex(db).drop(row.seq);
      return row;
    },
    async insertHistory(row: Insertable<MemoryHistoryTable>): Promise<void> {
      await db.insertInto('memory_history').values(row).execute();
    },
    /** Deletes a memory with its history, for good. */
    async erase(holder: string, id: string): Promise<boolean> {
      const result = await db
        .deleteFrom('memories')
        .where('holder', '=', holder)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function indexing(db: Kysely<Schema>) {
  const waiting = () =>
    db.selectFrom('memories_to_index').innerJoin('memories', 'memories.seq', 'memories_to_index.seq');
  return {
    /** The oldest memories that wait to be indexed. */
    unindexed: (limit: number): Promise<MemoryRow[]> => waiting().selectAll('memories').limit(limit).execute(),
    /** Makes a memory findable if it is active; it waits no longer. */
    async index(row: MemoryRow): Promise<void> {
      if (row.state === 'active') await putInIndex(db, row);
      await db.deleteFrom('memories_to_index').where('seq', '=', row.seq).execute();
    },
    /** Empties the index; every active memory waits to be indexed. */
    async clearIndex(): Promise<void> {
      await memoryIndex(db).clear();
      await db.deleteFrom('memories_to_index').execute();
      const active = db.selectFrom('memories').select('seq').where('state', '=', 'active');
      await db.insertInto('memories_to_index').columns(['seq']).expression(active).execute();
    },
    /** Whether it is found by its own words. */
    isFindable: (row: MemoryRow): Promise<boolean> => memoryIndex(db).finds(row.holder, row.seq, memoryText(row)),
    /** The self-test of the index of everybody's memories; `probes` are looked up one by one. */
    async checkIndex(probes: number): Promise<OwnedIndexCheck> {
      const counted = (query: { executeTakeFirst(): Promise<{ n: number } | undefined> }): Promise<number> =>
        query.executeTakeFirst().then((row) => row?.n ?? 0);
      const active = await counted(
        db
          .selectFrom('memories')
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .where('state', '=', 'active'),
      );
      const left = await counted(waiting().select(({ fn }) => fn.countAll<number>().as('n')));
      const rows = await db
        .selectFrom('memories')
        .selectAll()
        .where('state', '=', 'active')
        .where('seq', 'not in', db.selectFrom('memories_to_index').select('seq'))
        .orderBy('seq', 'desc')
        .limit(probes)
        .execute();
      const texts = rows.map((row) => ({ owner: row.holder, id: row.seq, text: memoryText(row) }));
      return checkOwnedIndex(memoryIndex(db), { waiting: left, least: active - left, most: active, probes: texts });
    },
  };
}

const putInIndex = (db: Kysely<Schema>, row: MemoryRow): Promise<void> =>
  memoryIndex(db).put(row.holder, row.seq, memoryText(row));
