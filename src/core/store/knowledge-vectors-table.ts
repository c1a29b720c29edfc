/** Owns the queries on the vectors of passages. The bytes are made and read by `knowledge/vector-code.ts`; nothing here needs more of SQLite than blobs. Every query is of one owner, but for those of the embedding itself. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { KnowledgeVectorsTable } from './knowledge-schema.ts';
import type { Schema } from './schema.ts';

export type VectorRow = Selectable<KnowledgeVectorsTable>;
export type NewVector = Omit<VectorRow, 'id'>;
export type VectorQueries = ReturnType<typeof vectorQueries>;

/** A passage that has no vector of a space. */
export interface BareChunk {
  readonly seq: number;
  readonly owner_id: string;
  readonly title: string;
  readonly heading: string;
  readonly text: string;
}

export function vectorQueries(db: Kysely<Schema>) {
  return {
    ...embeddingQueries(db),
    /** Codes of an owner whose number is greater than `after`, oldest first. */
    codesAfter: (
      { ownerId, space }: { ownerId: string; space: string },
      after: number,
      limit: number,
    ): Promise<Pick<VectorRow, 'id' | 'code'>[]> =>
      db
        .selectFrom('knowledge_vectors')
        .select(['id', 'code'])
        .where('owner_id', '=', ownerId)
        .where('space', '=', space)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute(),
    /** Those of the vectors that are still there. */
    async vectorsOf(ownerId: string, ids: readonly number[]): Promise<Pick<VectorRow, 'chunk_seq' | 'vector'>[]> {
      if (ids.length === 0) return [];
      return db
        .selectFrom('knowledge_vectors')
        .select(['chunk_seq', 'vector'])
        .where('id', 'in', ids)
        .where('owner_id', '=', ownerId)
        .execute();
    },
    async hasVectors(ownerId: string, space: string): Promise<boolean> {
      const row = await db
        .selectFrom('knowledge_vectors')
        .select('id')
        .where('owner_id', '=', ownerId)
        .where('space', '=', space)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async vectorCount(ownerId: string, space: string): Promise<number> {
      const { n } = await db
        .selectFrom('knowledge_vectors')
        .select((each) => each.fn.countAll<number>().as('n'))
        .where('owner_id', '=', ownerId)
        .where('space', '=', space)
        .where(sql<number>`length(vector)`, '>', 0)
        .executeTakeFirstOrThrow();
      return n;
    },
  };
}

function embeddingQueries(db: Kysely<Schema>) {
  return {
    /** Passages after number `after` without a vector of that space, of one owner or of all. */
    async bareChunks(
      { space, ownerId }: { space: string; ownerId: string | undefined },
      after: number,
      limit: number,
    ): Promise<BareChunk[]> {
      const query = db
        .selectFrom('knowledge_chunks as c')
        .innerJoin('knowledge_documents as d', 'd.seq', 'c.document_seq')
        .leftJoin('knowledge_vectors as v', (join) => join.onRef('v.chunk_seq', '=', 'c.seq').on('v.space', '=', space))
        .select(['c.seq', 'c.owner_id', 'd.title', 'c.heading', 'c.text'])
        .where('v.id', 'is', null)
        .where('c.seq', '>', after)
        .orderBy('c.seq')
        .limit(limit);
      return (ownerId === undefined ? query : query.where('c.owner_id', '=', ownerId)).execute();
    },
    /** Keeps vectors of passages that are still there, in place of those of another space. */
    async putVectors(rows: readonly NewVector[]): Promise<void> {
      if (rows.length === 0) return;
      const seqs = rows.map(({ chunk_seq: seq }) => seq);
      await db.deleteFrom('knowledge_vectors').where('chunk_seq', 'in', seqs).execute();
      const kept = await db.selectFrom('knowledge_chunks').select('seq').where('seq', 'in', seqs).execute();
      const there = new Set(kept.map(({ seq }) => seq));
      const still = rows.filter(({ chunk_seq: seq }) => there.has(seq));
      if (still.length > 0) await db.insertInto('knowledge_vectors').values(still).execute();
    },
    /** Forgets which passages could not be embedded, so that they are tried again. */
    async retryVectors(): Promise<void> {
      await db
        .deleteFrom('knowledge_vectors')
        .where(sql<number>`length(vector)`, '=', 0)
        .execute();
    },
    /** The greatest number of a passage, of all owners; 0 when there are none. */
    async lastChunk(): Promise<number> {
      const { last } = await db
        .selectFrom('knowledge_chunks')
        .select((each) => each.fn.max<number | null>('seq').as('last'))
        .executeTakeFirstOrThrow();
      return last ?? 0;
    },
  };
}
