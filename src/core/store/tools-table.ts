/** Owns the queries on versions of tools. A version is known by the hash of its source; what runs is its row, never a file that was not looked at. */
import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { Schema, ToolState, ToolVersionsTable } from './schema.ts';

export type ToolVersionRow = Selectable<ToolVersionsTable>;
export type NewToolVersion = Omit<Insertable<ToolVersionsTable>, 'version'>;
/** What a message needs to know of a version: everything but its texts. */
export type ToolVersionHead = Omit<ToolVersionRow, 'source' | 'code' | 'findings' | 'trials'>;
export type ToolVersionQueries = ReturnType<typeof writeQueries> & ReturnType<typeof readQueries>;

export function toolsTable(db: Kysely<Schema>): ToolVersionQueries {
  return { ...writeQueries(db), ...readQueries(db) };
}

function writeQueries(db: Kysely<Schema>) {
  return {
    /** Adds the next version of its name; the row of the same source when that is known already. */
    async insertVersion(row: NewToolVersion): Promise<ToolVersionRow> {
      const added = await db
        .insertInto('tool_versions')
        .values(({ selectFrom }) => ({
          ...row,
          version: selectFrom('tool_versions')
            .select(sql<number>`coalesce(max(version), 0) + 1`.as('version'))
            .where('name', '=', row.name),
        }))
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .returningAll()
        .executeTakeFirst();
      return added ?? db.selectFrom('tool_versions').selectAll().where('hash', '=', row.hash).executeTakeFirstOrThrow();
    },
    /** Changes a version; false when it is gone, or not in the state `from` any more. */
    async updateVersion(id: string, change: Updateable<ToolVersionsTable>, from?: ToolState): Promise<boolean> {
      const query = db.updateTable('tool_versions').set(change).where('id', '=', id);
      const result = await (from === undefined ? query : query.where('state', '=', from)).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** All but `id` of a name step back. */
    async supersede(name: string, id: string): Promise<void> {
      await db
        .updateTable('tool_versions')
        .set({ state: 'superseded' })
        .where('name', '=', name)
        .where('id', '!=', id)
        .where('state', 'in', ['active', 'disabled'])
        .execute();
    },
    /** Counts a failed call and returns how many there are in a row now. */
    async countFailure(id: string): Promise<number> {
      const row = await db
        .updateTable('tool_versions')
        .set(({ eb }) => ({ failures: eb('failures', '+', 1) }))
        .where('id', '=', id)
        .returning('failures')
        .executeTakeFirst();
      return row?.failures ?? 0;
    },
    async clearFailures(id: string): Promise<void> {
      await db
        .updateTable('tool_versions')
        .set({ failures: 0 })
        .where('id', '=', id)
        .where('failures', '>', 0)
        .execute();
    },
  };
}

function readQueries(db: Kysely<Schema>) {
  return {
    find(id: string): Promise<ToolVersionRow | undefined> {
      return db.selectFrom('tool_versions').selectAll().where('id', '=', id).executeTakeFirst();
    },
    byHash(hash: string): Promise<ToolVersionRow | undefined> {
      return db.selectFrom('tool_versions').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    /** Newest first. */
    versionsOf(name: string): Promise<ToolVersionRow[]> {
      return db.selectFrom('tool_versions').selectAll().where('name', '=', name).orderBy('version', 'desc').execute();
    },
    /** The heads of all versions, by name, newest first. */
    heads(): Promise<ToolVersionHead[]> {
      return db
        .selectFrom('tool_versions')
        .select([
          'id',
          'name',
          'version',
          'hash',
          'file',
          'origin',
          'state',
          'reason',
          'description',
          'permissions',
          'is_approved',
          'approval_id',
          'failures',
          'created_by',
          'created_at',
          'decided_by',
          'decided_at',
        ])
        .orderBy('name')
        .orderBy('version', 'desc')
        .execute();
    },
  };
}
