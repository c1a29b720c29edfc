/** Owns the queries on requests for approval and on standing grants. A request is decided once and used once, whoever else tries at the same moment. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { ApprovalGrantsTable, ApprovalScope, ApprovalsTable, Schema } from './schema.ts';

export type ApprovalRow = Selectable<ApprovalsTable>;
export type GrantRow = Selectable<ApprovalGrantsTable>;
export type ApprovalQueries = ReturnType<typeof requestQueries> &
  ReturnType<typeof decisionQueries> &
  ReturnType<typeof grantQueries>;

export function approvalsTable(db: Kysely<Schema>): ApprovalQueries {
  return { ...requestQueries(db), ...decisionQueries(db), ...grantQueries(db) };
}

function requestQueries(db: Kysely<Schema>) {
  /** The request for this very act in this session. */
  const ofAct = (actHash: string, userId: string, conversationId: string | null) =>
    db
      .selectFrom('approvals')
      .selectAll()
      .where('act_hash', '=', actHash)
      .where('user_id', '=', userId)
      .where('conversation_id', 'is', conversationId)
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc');
  return {
    async insert(row: Insertable<ApprovalsTable>): Promise<void> {
      await db.insertInto('approvals').values(row).execute();
    },
    find(id: string): Promise<ApprovalRow | undefined> {
      return db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** At most two rows whose id begins with `prefix`: two means it is ambiguous. `userId`: only what was asked for that user. */
    findByPrefix(prefix: string, userId?: string): Promise<ApprovalRow[]> {
      const found = db
        .selectFrom('approvals')
        .selectAll()
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2);
      return (userId === undefined ? found : found.where('user_id', '=', userId)).execute();
    },
    /** Newest first. `pendingAt`: only those that can still be answered at that instant; `userId`: only what was asked for that user. */
    list({
      pendingAt,
      userId,
    }: {
      pendingAt?: number | undefined;
      userId?: string | undefined;
    }): Promise<ApprovalRow[]> {
      const all = db.selectFrom('approvals').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(200);
      const own = userId === undefined ? all : all.where('user_id', '=', userId);
      if (pendingAt === undefined) return own.execute();
      return own.where('state', '=', 'pending').where('expires_at', '>', pendingAt).execute();
    },
    pendingFor(act: { actHash: string; userId: string; conversationId: string | null }, now: number) {
      return ofAct(act.actHash, act.userId, act.conversationId)
        .where('state', '=', 'pending')
        .where('expires_at', '>', now)
        .executeTakeFirst();
    },
    approvedFor(act: { actHash: string; userId: string; conversationId: string | null }, now: number) {
      return ofAct(act.actHash, act.userId, act.conversationId)
        .where('state', '=', 'approved')
        .where('expires_at', '>', now)
        .executeTakeFirst();
    },
  };
}

function decisionQueries(db: Kysely<Schema>) {
  return {
    /** Settles a request that waits; false when it was settled before or its time is over. */
    async decide(
      id: string,
      to: {
        state: 'approved' | 'denied' | 'cancelled';
        by: string | null;
        scope: ApprovalScope | null;
        expiresAt: number;
      },
      now: number,
    ): Promise<boolean> {
      const result = await db
        .updateTable('approvals')
        .set({ state: to.state, decided_by: to.by, decided_at: now, scope: to.scope, expires_at: to.expiresAt })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** Takes an approval for the one act it is good for; false when it was taken or has lapsed. */
    async use(id: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('approvals')
        .set({ state: 'used', used_at: now })
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function grantQueries(db: Kysely<Schema>) {
  return {
    async insertGrant(row: Insertable<ApprovalGrantsTable>): Promise<void> {
      await db.insertInto('approval_grants').values(row).execute();
    },
    /** Grants that are neither revoked nor over. `userId`: only those of that user. */
    grants(now: number, userId?: string): Promise<GrantRow[]> {
      const standing = db
        .selectFrom('approval_grants')
        .selectAll()
        .where('revoked_at', 'is', null)
        .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc');
      return (userId === undefined ? standing : standing.where('user_id', '=', userId)).execute();
    },
    /** A grant of `userId` that covers the act in this conversation. */
    grantFor(
      act: { actHash: string; pattern: string; userId: string; conversationId: string | null },
      now: number,
    ): Promise<GrantRow | undefined> {
      return db
        .selectFrom('approval_grants')
        .selectAll()
        .where('user_id', '=', act.userId)
        .where('revoked_at', 'is', null)
        .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .where(({ eb, or, and }) =>
          or([
            and([eb('scope', '=', 'always'), eb('act_hash', '=', act.actHash)]),
            and([eb('scope', '=', 'pattern'), eb('pattern', '=', act.pattern)]),
            and([
              eb('scope', '=', 'conversation'),
              eb('act_hash', '=', act.actHash),
              eb('conversation_id', 'is', act.conversationId),
            ]),
          ]),
        )
        .executeTakeFirst();
    },
    async revoke(id: string, by: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('approval_grants')
        .set({ revoked_by: by, revoked_at: now })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    grantsByPrefix(prefix: string): Promise<GrantRow[]> {
      return db
        .selectFrom('approval_grants')
        .selectAll()
        .where('id', '>=', prefix)
        .where('id', '<', `${prefix}g`)
        .limit(2)
        .execute();
    },
  };
}
