/** Owns the queries on accounts of other services and on the uses of a key that stands in for one. Accounts belong to the home, not to a user. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { AccountsTable } from './accounts-schema.ts';
import type { Schema } from './schema.ts';

export type AccountRow = Selectable<AccountsTable>;
export type AccountQueries = ReturnType<typeof accountsTable>;

/** Uses of a key are kept so long, in ms: longer than any day. */
const KEEP_USES_MS = 3 * 24 * 3_600_000;

export function accountsTable(db: Kysely<Schema>) {
  return {
    find(name: string): Promise<AccountRow | undefined> {
      return db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst();
    },
    /** By name. */
    list(): Promise<AccountRow[]> {
      return db.selectFrom('accounts').selectAll().orderBy('name').execute();
    },
    /** Puts the row of a new log-in in the place of any other. */
    async put(row: AccountRow): Promise<void> {
      await db.deleteFrom('accounts').where('name', '=', row.name).execute();
      await db.insertInto('accounts').values(row).execute();
    },
    async change(name: string, change: Updateable<AccountsTable>): Promise<void> {
      await db.updateTable('accounts').set(change).where('name', '=', name).execute();
    },
    async remove(name: string): Promise<boolean> {
      const result = await db.deleteFrom('accounts').where('name', '=', name).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    /** The next instant at which a refresh is due; undefined when none will be. */
    async nextRefresh(): Promise<number | undefined> {
      const row = await db
        .selectFrom('accounts')
        .select((eb) => eb.fn.min('refresh_at').as('at'))
        .where('state', '=', 'signed-in')
        .executeTakeFirst();
      return row?.at ?? undefined;
    },
    ...keyQueries(db),
  };
}

function keyQueries(db: Kysely<Schema>) {
  return {
    async noteKeyUse(key: string, at: number): Promise<void> {
      await db
        .deleteFrom('key_uses')
        .where('at', '<', at - KEEP_USES_MS)
        .execute();
      await db
        .insertInto('key_uses')
        .values({ key, at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    /** What the model calls that `key` was taken for have cost since `from`, in micro-USD; calls that run count with what they have reserved. A call counts when the key was taken while it ran. */
    async spentByKey(key: string, from: number): Promise<number> {
      const row = await db
        .selectFrom('model_calls')
        .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('charged_micro_usd'), eb.lit(0)).as('spent'))
        .where('started_at', '>=', from)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('key_uses')
              .select('key_uses.at')
              .where('key_uses.key', '=', key)
              .whereRef('key_uses.at', '>=', 'model_calls.started_at')
              .where('key_uses.at', '<=', sql<number>`coalesce(model_calls.ended_at, 9007199254740991)`),
          ),
        )
        .executeTakeFirst();
      return row?.spent ?? 0;
    },
  };
}
