/** Owns the queries on users. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema, UsersTable } from './schema.ts';

export type UserRow = Selectable<UsersTable>;
export type UsersTableQueries = ReturnType<typeof usersTable>;

export function usersTable(db: Kysely<Schema>) {
  return {
    /** Adds the user unless the name is taken. */
    async insertIfAbsent(row: UserRow): Promise<void> {
      await db
        .insertInto('users')
        .values(row)
        .onConflict((conflict) => conflict.column('username').doNothing())
        .execute();
    },
    byName(username: string): Promise<UserRow | undefined> {
      return db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
    },
    byId(id: string): Promise<UserRow | undefined> {
      return db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
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
