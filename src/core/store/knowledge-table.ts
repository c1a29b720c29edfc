/** Owns the queries on knowledge: documents, their chunks with the index over them, folders. Every query is of one owner. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { KnowledgeChunksTable, KnowledgeFoldersTable } from './knowledge-schema.ts';
import { countQueries, documentQueries, type DocumentRow } from './knowledge-documents.ts';
import { vectorQueries } from './knowledge-vectors-table.ts';
import type { Schema } from './schema.ts';
import { knowledgeIndex } from './sqlite/knowledge-index.ts';

export type ChunkRow = Selectable<KnowledgeChunksTable>;
export type NewChunk = Insertable<KnowledgeChunksTable>;
export type FolderRow = Selectable<KnowledgeFoldersTable>;
export type KnowledgeQueries = ReturnType<typeof knowledgeTable>;

/** A chunk with what a hit says of its document. */
export interface FoundChunk extends Pick<ChunkRow, 'seq' | 'document_seq' | 'section' | 'heading' | 'place' | 'text'> {
  readonly document_id: string;
  readonly title: string;
  readonly provenance: DocumentRow['provenance'];
}

/** Chunks before and after one that are read with it, and of one section at most, neighbours not counted. */
const AROUND = 1;
const OF_ONE_SECTION = 3;

/** SQLite takes 32,766 values a statement; a chunk has 9. */
const ROWS_AT_ONCE = 200;

export function knowledgeTable(db: Kysely<Schema>) {
  return {
    index: knowledgeIndex(db),
    vectors: vectorQueries(db),
    ...documentQueries(db),
    ...countQueries(db),
    ...chunkQueries(db),
    ...sectionQueries(db),
    ...folderQueries(db),
  };
}

function chunkQueries(db: Kysely<Schema>) {
  return {
    chunksOf: (documentSeq: number): Promise<ChunkRow[]> =>
      db
        .selectFrom('knowledge_chunks')
        .selectAll()
        .where('document_seq', '=', documentSeq)
        .orderBy('section')
        .orderBy('position')
        .execute(),
    /** All of one owner. Returns their numbers, in order. */
    async insertChunks(rows: readonly Omit<NewChunk, 'seq'>[]): Promise<number[]> {
      const first = await nextSeq(db, rows[0]?.owner_id ?? '');
      const numbered = rows.map((row, index) => ({ ...row, seq: first + index }));
      for (let at = 0; at < numbered.length; at += ROWS_AT_ONCE)
        await db
          .insertInto('knowledge_chunks')
          .values(numbered.slice(at, at + ROWS_AT_ONCE))
          .execute();
      return numbered.map(({ seq }) => seq);
    },
    async moveChunk(seq: number, set: Pick<ChunkRow, 'position' | 'section' | 'place'>): Promise<void> {
      await db.updateTable('knowledge_chunks').set(set).where('seq', '=', seq).execute();
    },
    async deleteChunks(seqs: readonly number[]): Promise<void> {
      for (let at = 0; at < seqs.length; at += 500)
        await db
          .deleteFrom('knowledge_chunks')
          .where('seq', 'in', seqs.slice(at, at + 500))
          .execute();
    },
    chunksAfter: (seq: number, limit: number) =>
      db
        .selectFrom('knowledge_chunks')
        .innerJoin('knowledge_documents', 'knowledge_documents.seq', 'knowledge_chunks.document_seq')
        .selectAll('knowledge_chunks')
        .select('knowledge_documents.title')
        .where('knowledge_chunks.seq', '>', seq)
        .orderBy('knowledge_chunks.seq')
        .limit(limit)
        .execute(),
  };
}

function sectionQueries(db: Kysely<Schema>) {
  return {
    /** The first `limit` of those chunks, at most three of a section, with their neighbours in it; by document and position. */
    async withNeighbours(ownerId: string, seqs: readonly number[], limit: number): Promise<FoundChunk[]> {
      if (seqs.length === 0) return [];
      const { rows } = await sql<FoundChunk>`
        with found as (
          select c.document_seq, c.section, c.position, j.key as place,
            row_number() over (partition by c.document_seq, c.section order by j.key) as nth
          from json_each(${JSON.stringify(seqs)}) j
          cross join knowledge_chunks c on c.seq = j.value and c.owner_id = ${ownerId}),
        chosen as materialized (select * from found where nth <= ${OF_ONE_SECTION} order by place limit ${limit}),
        near as materialized (
          select distinct c.seq from chosen f
          cross join knowledge_chunks c on c.document_seq = f.document_seq and c.section = f.section
            and c.position between f.position - ${AROUND} and f.position + ${AROUND})
        select c.seq, c.document_seq, c.section, c.heading, c.place, c.text, d.id as document_id, d.title, d.provenance
        from near n
        cross join knowledge_chunks c on c.seq = n.seq
        cross join knowledge_documents d on d.seq = c.document_seq
        order by c.document_seq, c.section, c.position`.execute(db);
      return rows;
    },
    /** In no order. */
    async chunks(ownerId: string, seqs: readonly number[]): Promise<FoundChunk[]> {
      if (seqs.length === 0) return [];
      const { rows } = await sql<FoundChunk>`
        select c.seq, c.document_seq, c.section, c.heading, c.place, c.text, d.id as document_id, d.title, d.provenance
        from knowledge_chunks c join knowledge_documents d on d.seq = c.document_seq
        where c.seq in (${sql.join(seqs)}) and c.owner_id = ${ownerId}`.execute(db);
      return rows;
    },
    /** Of one owner, or of all. */
    async chunkCount(ownerId?: string): Promise<number> {
      const query = db.selectFrom('knowledge_chunks').select((each) => each.fn.countAll<number>().as('n'));
      const { n } = await (
        ownerId === undefined ? query : query.where('owner_id', '=', ownerId)
      ).executeTakeFirstOrThrow();
      return n;
    },
    /** At most `count` chunks from all over the base, others each time. */
    spread: (count: number) =>
      db
        .selectFrom('knowledge_chunks')
        .select(['seq', 'owner_id', 'text'])
        .where(sql<boolean>`seq in (select seq from knowledge_chunks order by random() limit ${count})`)
        .execute(),
  };
}

/** How far the numbers of two owners lie apart: where the chunks of one lie among each other must not tell what others have. */
const NUMBERS_OF_ONE = 2 ** 32;

/** The number of an owner's next chunk: after the last, or the first of a range that nobody has. */
async function nextSeq(db: Kysely<Schema>, ownerId: string): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select coalesce(
      (select max(seq) from knowledge_chunks where owner_id = ${ownerId} and seq >= ${NUMBERS_OF_ONE}),
      (select (coalesce(max(seq), 0) / ${NUMBERS_OF_ONE} + 1) * ${NUMBERS_OF_ONE} from knowledge_chunks)
    ) + 1 as seq`.execute(db);
  return rows[0]?.seq ?? 1;
}

function folderQueries(db: Kysely<Schema>) {
  return {
    folders: (ownerId?: string): Promise<FolderRow[]> => {
      const query = db.selectFrom('knowledge_folders').selectAll().orderBy('path');
      return (ownerId === undefined ? query : query.where('owner_id', '=', ownerId)).execute();
    },
    /** False when it is there already. */
    async putFolder(row: FolderRow): Promise<boolean> {
      const result = await db
        .insertInto('knowledge_folders')
        .values(row)
        .onConflict((conflict) => conflict.columns(['owner_id', 'path']).doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async checkedFolder(id: string, at: number): Promise<void> {
      await db.updateTable('knowledge_folders').set({ checked_at: at }).where('id', '=', id).execute();
    },
    async deleteFolder(ownerId: string, path: string): Promise<boolean> {
      const result = await db
        .deleteFrom('knowledge_folders')
        .where('owner_id', '=', ownerId)
        .where('path', '=', path)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
