/** Owns the queries on requests for approval and on standing grants. A request is decided once and used once, whoever else tries at the same moment. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { ApprovalGrantsTable, ApprovalScope, ApprovalsTable, Schema } from './schema.ts';

export type ApprovalRow = Selectable<ApprovalsTable>;
export type GrantRow = Selectable<ApprovalGrantsTable>;

/** With the names of whoever it was asked for and whoever answered; null for those who are gone. */
export type ShownApproval = ApprovalRow & { readonly asker: string | null; readonly decider: string | null };
/** With the names of whom it is for and who gave it, and how often it was used. */
export type ShownGrant = GrantRow & {
  readonly grantee: string | null;
  readonly granter: string | null;
  readonly uses: number;
  /** Milliseconds UTC. */
  readonly last_used_at: number | null;
};

/** States as people see them: what nobody answered or used in time has expired. */
export type ApprovalView = ApprovalRow['state'] | 'expired';

export interface ApprovalFilter {
  /** Only those that can still be answered at that instant, in milliseconds UTC. */
  readonly pendingAt?: number | undefined;
  /** Only what was asked for that user. */
  readonly userId?: string | undefined;
  /** Only those in that state at the instant `now`. */
  readonly view?: { readonly state: ApprovalView; readonly now: number } | undefined;
  /** Only those that come after the one with this id in the list. */
  readonly before?: string | undefined;
  /** 200 when absent. */
  readonly limit?: number | undefined;
}

const MOST_LISTED = 200;
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
    findByPrefix(prefix: string, userId?: string): Promise<ShownApproval[]> {
      const found = shownApprovals(db)
        .where('approvals.id', '>=', prefix)
        .where('approvals.id', '<', `${prefix}g`) // ids are hexadecimal: every continuation sorts before g
        .limit(2);
      return (userId === undefined ? found : found.where('approvals.user_id', '=', userId)).execute();
    },
    /** What was asked for in a conversation, oldest first. */
    ofConversation: (id: string): Promise<ApprovalRow[]> =>
      db.selectFrom('approvals').selectAll().where('conversation_id', '=', id).orderBy('created_at').execute(),
    /** Newest first. */
    list(filter: ApprovalFilter): Promise<ShownApproval[]> {
      return listApprovals(db, filter);
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

function shownApprovals(db: Kysely<Schema>) {
  return db
    .selectFrom('approvals')
    .leftJoin('users as asker', 'asker.id', 'approvals.user_id')
    .leftJoin('users as decider', 'decider.id', 'approvals.decided_by')
    .selectAll('approvals')
    .select(['asker.username as asker', 'decider.username as decider']);
}

function listApprovals(
  db: Kysely<Schema>,
  { pendingAt, userId, view, before, limit = MOST_LISTED }: ApprovalFilter,
): Promise<ShownApproval[]> {
  const open = view === undefined ? (['pending'] as const) : (['pending', 'approved'] as const);
  let query = shownApprovals(db)
    .orderBy('approvals.created_at', 'desc')
    .orderBy('approvals.id', 'desc')
    .limit(Math.min(limit, MOST_LISTED));
  if (userId !== undefined) query = query.where('approvals.user_id', '=', userId);
  if (pendingAt !== undefined)
    query = query.where('approvals.state', '=', 'pending').where('approvals.expires_at', '>', pendingAt);
  if (view?.state === 'expired')
    query = query.where('approvals.state', 'in', open).where('approvals.expires_at', '<=', view.now);
  else if (view !== undefined) {
    query = query.where('approvals.state', '=', view.state);
    // What was said no to, used or stopped stays that; only what is open lapses.
    if (view.state === 'pending' || view.state === 'approved')
      query = query.where('approvals.expires_at', '>', view.now);
  }
  if (before !== undefined) {
    query = query.where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('approvals.created_at', 'approvals.id'),
        '<',
        selectFrom('approvals as last')
          .select(['last.created_at', 'last.id'])
          .where('last.id', '=', before)
          .$asTuple('created_at', 'id'),
      ),
    );
  }
  return query.execute();
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
    grants(now: number, userId?: string): Promise<ShownGrant[]> {
      const standing = shownGrants(db)
        .where('approval_grants.revoked_at', 'is', null)
        .where(({ eb, or }) =>
          or([eb('approval_grants.expires_at', 'is', null), eb('approval_grants.expires_at', '>', now)]),
        )
        .orderBy('approval_grants.created_at', 'desc')
        .orderBy('approval_grants.id', 'desc');
      return (userId === undefined ? standing : standing.where('approval_grants.user_id', '=', userId)).execute();
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
    grantsByPrefix(prefix: string): Promise<ShownGrant[]> {
      return shownGrants(db)
        .where('approval_grants.id', '>=', prefix)
        .where('approval_grants.id', '<', `${prefix}g`)
        .limit(2)
        .execute();
    },
  };
}

/** The action of the audit trail that each use of a grant leaves. */
export const GRANT_USED = 'grant.use';

function shownGrants(db: Kysely<Schema>) {
  const used = db
    .selectFrom('audit_events')
    .select(({ fn }) => ['target', fn.countAll<number>().as('uses'), fn.max('at').as('last_used_at')])
    .where('action', '=', GRANT_USED)
    .groupBy('target')
    .as('used');
  return db
    .selectFrom('approval_grants')
    .leftJoin('users as grantee', 'grantee.id', 'approval_grants.user_id')
    .leftJoin('users as granter', 'granter.id', 'approval_grants.created_by')
    .leftJoin(used, 'used.target', 'approval_grants.id')
    .selectAll('approval_grants')
    .select(['grantee.username as grantee', 'granter.username as granter', 'used.last_used_at'])
    .select(({ fn, val }) => fn.coalesce('used.uses', val(0)).as('uses'));
}
