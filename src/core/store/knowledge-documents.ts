/** Owns the queries on documents of an owner: found, listed, counted, changed. */
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { KnowledgeDocumentsTable } from './knowledge-schema.ts';
import type { Schema } from './schema.ts';

export type DocumentRow = Selectable<KnowledgeDocumentsTable>;
export type NewDocument = Insertable<KnowledgeDocumentsTable>;

/** A page of documents; what is undefined limits nothing. */
export interface DocumentPage {
  readonly limit: number;
  readonly offset: number;
  /** A part of the title or the source; case does not matter. */
  readonly text?: string | undefined;
  readonly kind?: string | undefined;
  /** Latest, largest or most passages first, or by title. */
  readonly sort?: 'updated' | 'title' | 'size' | 'passages' | undefined;
}

const DOCUMENT_ORDERS = {
  updated: sql`updated_at desc`,
  title: sql`lower(title)`,
  size: sql`bytes desc`,
  passages: sql`chunks desc`,
} as const;

const holds = (text: string) => sql<boolean>`(instr(lower(title), ${text}) > 0 or instr(lower(source), ${text}) > 0)`;

export function documentQueries(db: Kysely<Schema>) {
  const documents = (ownerId: string) =>
    db.selectFrom('knowledge_documents').selectAll().where('owner_id', '=', ownerId);
  return {
    byId: (ownerId: string, id: string): Promise<DocumentRow | undefined> =>
      documents(ownerId).where('id', '=', id).executeTakeFirst(),
    bySource: (ownerId: string, source: string): Promise<DocumentRow | undefined> =>
      documents(ownerId).where('source', '=', source).executeTakeFirst(),
    byHash: (ownerId: string, hash: string): Promise<DocumentRow | undefined> =>
      documents(ownerId).where('hash', '=', hash).where('state', '=', 'ready').executeTakeFirst(),
    /** Documents below a folder, whose sources begin with `prefix`. */
    under: (ownerId: string, prefix: string): Promise<DocumentRow[]> =>
      documents(ownerId)
        .where(sql<string>`substr(source, 1, ${prefix.length})`, '=', prefix)
        .execute(),
    /** With the number of chunks each has, newest first unless `sort` says otherwise. */
    list: (ownerId: string, { limit, offset, text, kind, sort = 'updated' }: DocumentPage) =>
      documents(ownerId)
        .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
        .$if(text !== undefined, (query) => query.where(holds((text ?? '').normalize('NFC').toLowerCase())))
        .select((query) =>
          query
            .selectFrom('knowledge_chunks')
            .whereRef('document_seq', '=', 'knowledge_documents.seq')
            .select((each) => each.fn.countAll<number>().as('n'))
            .as('chunks'),
        )
        .orderBy(DOCUMENT_ORDERS[sort])
        .orderBy('seq', 'desc')
        .limit(limit)
        .offset(offset)
        .execute(),
    async hasDocuments(ownerId: string): Promise<boolean> {
      const row = await db
        .selectFrom('knowledge_documents')
        .select('seq')
        .where('owner_id', '=', ownerId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async insertDocument(row: NewDocument): Promise<number> {
      const { seq } = await db.insertInto('knowledge_documents').values(row).returning('seq').executeTakeFirstOrThrow();
      return seq;
    },
    async updateDocument(seq: number, set: Partial<NewDocument>): Promise<void> {
      await db.updateTable('knowledge_documents').set(set).where('seq', '=', seq).execute();
    },
    async deleteDocument(seq: number): Promise<void> {
      await db.deleteFrom('knowledge_documents').where('seq', '=', seq).execute();
    },
    /** Documents of all owners whose writing was cut off. */
    async unfinishedCount(): Promise<number> {
      const { n } = await db
        .selectFrom('knowledge_documents')
        .where('state', '=', 'indexing')
        .select((each) => each.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      return n;
    },
  };
}

export function countQueries(db: Kysely<Schema>) {
  return {
    /** How many there are of each kind. */
    kinds: (ownerId: string): Promise<{ kind: string; documents: number }[]> =>
      db
        .selectFrom('knowledge_documents')
        .where('owner_id', '=', ownerId)
        .select((each) => ['kind', each.fn.countAll<number>().as('documents')])
        .groupBy('kind')
        .orderBy('kind')
        .execute(),
    async documentStats(ownerId: string): Promise<{ documents: number; bytes: number }> {
      const { documents: count, bytes } = await db
        .selectFrom('knowledge_documents')
        .where('owner_id', '=', ownerId)
        .select((each) => [each.fn.countAll<number>().as('documents'), each.fn.sum<number | null>('bytes').as('bytes')])
        .executeTakeFirstOrThrow();
      return { documents: count, bytes: bytes ?? 0 };
    },
  };
}
