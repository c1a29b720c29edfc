/** Owns the queries on API keys. A key is found by its hash; every other query takes the user whose key it is. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { ApiKeysTable } from './access-schema.ts';
import type { Schema } from './schema.ts';

export type ApiKeyRow = Selectable<ApiKeysTable>;
export type KeyQueries = ReturnType<typeof keysTable>;

export function keysTable(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<ApiKeysTable>): Promise<void> {
      await db.insertInto('api_keys').values(row).execute();
    },
    byHash(hash: string): Promise<ApiKeyRow | undefined> {
      return db.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    byId(id: string, userId: string): Promise<ApiKeyRow | undefined> {
      return db
        .selectFrom('api_keys')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst();
    },
    /** Newest first. `goodAt`: only those that are good at that instant. */
    list(userId: string, goodAt?: number): Promise<ApiKeyRow[]> {
      const all = db
        .selectFrom('api_keys')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc');
      if (goodAt === undefined) return all.execute();
      return all
        .where('revoked_at', 'is', null)
        .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', goodAt)]))
        .execute();
    },
    /** False when the key is not the user's or was revoked before. */
    async revoke(id: string, userId: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('api_keys')
        .set({ revoked_at: now })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async touch(id: string, now: number): Promise<void> {
      await db.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).execute();
    },
  };
}
