/** Owns the queries on users. Names are told apart without regard to the case of ASCII letters. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema, UsersTable } from './schema.ts';

export type UserRow = Selectable<UsersTable>;
export type UsersTableQueries = ReturnType<typeof usersTable>;

/** Stands for whoever was deleted, where a row must keep somebody: what was spent, who decided. */
export const FORMER_USER_ID = '00000000-0000-7000-8000-000000000000';

export function usersTable(db: Kysely<Schema>) {
  return {
    /** Adds the user unless the name is taken; false when it is. */
    async insertIfAbsent(row: UserRow): Promise<boolean> {
      const result = await db
        .insertInto('users')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    byName(username: string): Promise<UserRow | undefined> {
      return db
        .selectFrom('users')
        .selectAll()
        .where(
          sql<string>`lower(username)`,
          '=',
          username.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()),
        )
        .executeTakeFirst();
    },
    byId(id: string): Promise<UserRow | undefined> {
      return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** Newest first. */
    list(options: { readonly all: boolean; readonly limit: number }): Promise<UserRow[]> {
      const query = db
        .selectFrom('users')
        .selectAll()
        .where('id', '!=', FORMER_USER_ID)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(options.limit);
      return (options.all ? query : query.where('state', '=', 'active')).execute();
    },
    async change(id: string, to: Partial<Pick<UserRow, 'username' | 'role' | 'state'>>): Promise<void> {
      await db.updateTable('users').set(to).where('id', '=', id).execute();
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('users').where('id', '=', id).execute();
    },
    async countActiveAdmins(): Promise<number> {
      const { count } = await db
        .selectFrom('users')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('role', '=', 'admin')
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow();
      return count;
    },
    /** The longest-standing active admin: the default owner. */
    firstAdmin(): Promise<UserRow | undefined> {
      return db
        .selectFrom('users')
        .selectAll()
        .where('role', '=', 'admin')
        .where('state', '=', 'active')
        .orderBy('created_at')
        .orderBy('id')
        .executeTakeFirst();
    },
  };
}
