/** Owns the queries on what was taken over from another assistant. A row is written in the transaction of what it tells of, so that nothing is taken over twice. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { ImportedItemsTable } from './import-schema.ts';
import type { Schema } from './schema.ts';

export type ImportedItemRow = Selectable<ImportedItemsTable>;
export type ImportedItemQueries = ReturnType<typeof importedItemsTable>;

export function importedItemsTable(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<ImportedItemsTable>): Promise<void> {
      await db
        .insertInto('imported_items')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    find(source: string, kind: string, sourceId: string): Promise<ImportedItemRow | undefined> {
      return db
        .selectFrom('imported_items')
        .selectAll()
        .where('source', '=', source)
        .where('kind', '=', kind)
        .where('source_id', '=', sourceId)
        .executeTakeFirst();
    },
    /** Those of the ids that were taken over before. */
    known(source: string, kind: string, sourceIds: readonly string[]): Promise<ImportedItemRow[]> {
      return db
        .selectFrom('imported_items')
        .selectAll()
        .where('source', '=', source)
        .where('kind', '=', kind)
        .where('source_id', 'in', [...sourceIds])
        .execute();
    },
  };
}
