/** Owns the queries on passwords, token families and sessions. What was shown is found by its hash; lists and revocations take the user. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { RefreshTokensTable, SessionsTable, TokenFamiliesTable } from './access-schema.ts';
import type { Schema } from './schema.ts';

export type TokenFamilyRow = Selectable<TokenFamiliesTable>;
export type RefreshTokenRow = Selectable<RefreshTokensTable>;
export type SessionRow = Selectable<SessionsTable>;
export type SignInQueries = ReturnType<typeof signInTable>;

export function signInTable(db: Kysely<Schema>) {
  return {
    ...passwordQueries(db),
    ...familyQueries(db),
    ...sessionQueries(db),
    /** Ends every token and session of the user, but the session `keep`. Returns how many sessions ended. */
    async revokeAll(
      userId: string,
      { reason, now, keep }: { readonly reason: string; readonly now: number; readonly keep?: string | undefined },
    ): Promise<number> {
      await db
        .updateTable('token_families')
        .set({ revoked_at: now, revoked_reason: reason })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .execute();
      const ended = await db
        .updateTable('sessions')
        .set({ revoked_at: now })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('id', '!=', keep ?? '')
        .executeTakeFirst();
      return Number(ended.numUpdatedRows);
    },
    /** Forgets what ended before `instant`. */
    async prune(instant: number): Promise<void> {
      await db.deleteFrom('token_families').where('expires_at', '<', instant).execute();
      await db.deleteFrom('sessions').where('expires_at', '<', instant).execute();
    },
  };
}

function passwordQueries(db: Kysely<Schema>) {
  return {
    async passwordHash(userId: string): Promise<string | undefined> {
      const row = await db.selectFrom('passwords').select('hash').where('user_id', '=', userId).executeTakeFirst();
      return row?.hash;
    },
    async setPassword(userId: string, hash: string, now: number): Promise<void> {
      await db
        .insertInto('passwords')
        .values({ user_id: userId, hash, changed_at: now })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ hash, changed_at: now }))
        .execute();
    },
  };
}

function familyQueries(db: Kysely<Schema>) {
  return {
    async insertFamily(row: Insertable<TokenFamiliesTable>): Promise<void> {
      await db.insertInto('token_families').values(row).execute();
    },
    family(id: string): Promise<TokenFamilyRow | undefined> {
      return db.selectFrom('token_families').selectAll().where('id', '=', id).executeTakeFirst();
    },
    async extendFamily(id: string, expiresAt: number): Promise<void> {
      await db.updateTable('token_families').set({ expires_at: expiresAt }).where('id', '=', id).execute();
    },
    /** False when it was revoked before. */
    async revokeFamily(id: string, reason: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('token_families')
        .set({ revoked_at: now, revoked_reason: reason })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async insertRefreshToken(row: Insertable<RefreshTokensTable>): Promise<void> {
      await db.insertInto('refresh_tokens').values(row).execute();
    },
    refreshToken(hash: string): Promise<RefreshTokenRow | undefined> {
      return db.selectFrom('refresh_tokens').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    async useRefreshToken(hash: string, now: number): Promise<void> {
      await db.updateTable('refresh_tokens').set({ used_at: now }).where('hash', '=', hash).execute();
    },
  };
}

function sessionQueries(db: Kysely<Schema>) {
  return {
    async insertSession(row: Insertable<SessionsTable>): Promise<void> {
      await db.insertInto('sessions').values(row).execute();
    },
    sessionByHash(hash: string): Promise<SessionRow | undefined> {
      return db.selectFrom('sessions').selectAll().where('hash', '=', hash).executeTakeFirst();
    },
    session(id: string, userId: string): Promise<SessionRow | undefined> {
      return db
        .selectFrom('sessions')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst();
    },
    /** Those of the user that are good, newest first. */
    sessions(userId: string, { now, seenSince }: { now: number; seenSince: number }): Promise<SessionRow[]> {
      return db
        .selectFrom('sessions')
        .selectAll()
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .where('last_seen_at', '>', seenSince)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
    },
    async touchSession(id: string, now: number): Promise<void> {
      await db.updateTable('sessions').set({ last_seen_at: now }).where('id', '=', id).execute();
    },
    /** False when it is not the user's, or was revoked before. */
    async revokeSession(id: string, userId: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('sessions')
        .set({ revoked_at: now })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async revokeSessionsOf(deviceId: string, now: number): Promise<void> {
      await db
        .updateTable('sessions')
        .set({ revoked_at: now })
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}
