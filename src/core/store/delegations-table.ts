/** Owns the queries on sub-tasks: each is done once, however often its turn is taken up. */
import type { Kysely } from 'kysely';
import type { DelegationsTable } from './delegations-schema.ts';
import type { Schema } from './schema.ts';

export type DelegationQueries = ReturnType<typeof delegationsTable>;

type Key = Pick<DelegationsTable, 'turn_id' | 'call_id' | 'input_hash'>;

export function delegationsTable(db: Kysely<Schema>) {
  return {
    async insert(row: DelegationsTable): Promise<void> {
      await db.insertInto('delegations').values(row).execute();
    },
    find({ turn_id, call_id, input_hash }: Key): Promise<DelegationsTable | undefined> {
      return db
        .selectFrom('delegations')
        .selectAll()
        .where('turn_id', '=', turn_id)
        .where('call_id', '=', call_id)
        .where('input_hash', '=', input_hash)
        .executeTakeFirst();
    },
  };
}
