/** Owns the queries on links that sign a browser in once. They are found by the hash of what they hold. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { SignInLinksTable } from './access-schema.ts';
import type { Schema } from './schema.ts';

export type SignInLinkRow = Selectable<SignInLinksTable>;
export type SignInLinkQueries = ReturnType<typeof signInLinksTable>;

export function signInLinksTable(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<SignInLinksTable>): Promise<void> {
      await db.insertInto('sign_in_links').values(row).execute();
    },
    byHash(hash: string): Promise<SignInLinkRow | undefined> {
      return db.selectFrom('sign_in_links').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    /** False when it is not good any more: used, over, or another one took its place. */
    async use(id: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('sign_in_links')
        .set({ used_at: now })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** Ends every set-up link that nobody used. */
    async endSetUps(now: number): Promise<void> {
      await db
        .updateTable('sign_in_links')
        .set({ ended_at: now })
        .where('kind', '=', 'set-up')
        .where('used_at', 'is', null)
        .where('ended_at', 'is', null)
        .execute();
    },
    /** Forgets those that ended before `instant`. */
    async prune(instant: number): Promise<void> {
      await db.deleteFrom('sign_in_links').where('expires_at', '<', instant).execute();
    },
    /** Whether an active admin has a password, a key that is good for everything, or a session. */
    async canAdminSignIn({ now, seenSince }: { readonly now: number; readonly seenSince: number }): Promise<boolean> {
      const row = await db
        .selectFrom('users')
        .select('users.id')
        .where('users.role', '=', 'admin')
        .where('users.state', '=', 'active')
        .where(({ or, exists, selectFrom }) =>
          or([
            exists(selectFrom('passwords').select('hash').whereRef('passwords.user_id', '=', 'users.id')),
            exists(
              selectFrom('api_keys')
                .select('api_keys.id')
                .whereRef('api_keys.user_id', '=', 'users.id')
                .where('api_keys.scopes', 'is', null)
                .where('api_keys.revoked_at', 'is', null)
                .where((is) => is.or([is('api_keys.expires_at', 'is', null), is('api_keys.expires_at', '>', now)])),
            ),
            exists(
              selectFrom('sessions')
                .select('sessions.id')
                .whereRef('sessions.user_id', '=', 'users.id')
                .where('sessions.revoked_at', 'is', null)
                .where('sessions.expires_at', '>', now)
                .where('sessions.last_seen_at', '>', seenSince),
            ),
          ]),
        )
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
