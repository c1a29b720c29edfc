/** Owns the questions of the health checks and of the security audit that no other table answers: counts and names over everybody, for whoever manages the home. Changes nothing. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

export interface KeyFact {
  readonly id: string;
  readonly username: string;
  readonly prefix: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
}

export type HealthQueries = ReturnType<typeof healthTable>;

export function healthTable(db: Kysely<Schema>) {
  return { ...workQueries(db), ...promiseQueries(db), ...peopleQueries(db), ...strangerQueries(db) };
}

function workQueries(db: Kysely<Schema>) {
  return {
    /** Milliseconds UTC of the newest message or act; null in a new home. */
    async newestInstant(): Promise<number | null> {
      const message = db.selectFrom('messages').select('created_at as at').orderBy('id', 'desc').limit(1);
      const act = db.selectFrom('audit_events').select('at').orderBy('seq', 'desc').limit(1);
      const found = await Promise.all([message.executeTakeFirst(), act.executeTakeFirst()]);
      const instants = found.flatMap((row) => (row === undefined ? [] : [row.at]));
      return instants.length === 0 ? null : Math.max(...instants);
    },
    /** Whether there is anything of people's to lose. */
    async holdsAnything(): Promise<boolean> {
      const found = await Promise.all([
        db.selectFrom('messages').select('id').limit(1).executeTakeFirst(),
        db.selectFrom('memories').select('id').limit(1).executeTakeFirst(),
        db.selectFrom('knowledge_documents').select('id').limit(1).executeTakeFirst(),
      ]);
      return found.some((row) => row !== undefined);
    },
    /** When each target last had `action` done to it. */
    async lastDone(action: string): Promise<Readonly<Record<string, number>>> {
      const rows = await db
        .selectFrom('audit_events')
        .select(['target', sql<number>`max(at)`.as('at')])
        .where('action', '=', action)
        .where('outcome', '=', 'ok')
        .where('target', 'is not', null)
        .groupBy('target')
        .execute();
      return Object.fromEntries(rows.map(({ target, at }) => [target ?? '', at]));
    },
    /** Tasks that failed so often that they were switched off, by name. */
    stoppedTasks() {
      return db
        .selectFrom('tasks')
        .select(['name', 'reason'])
        .where('state', '=', 'disabled')
        .orderBy('name')
        .limit(100)
        .execute();
    },
    countActiveTasks: async (): Promise<number> => {
      const row = await db
        .selectFrom('tasks')
        .select(sql<number>`count(*)`.as('count'))
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow();
      return row.count;
    },
  };
}

function promiseQueries(db: Kysely<Schema>) {
  return {
    /** Limits of money, whoever they are for. */
    async countMoneyBudgets(): Promise<number> {
      const query = db.selectFrom('budgets').select(sql<number>`count(*)`.as('count'));
      return (await query.where('unit', '=', 'money').executeTakeFirstOrThrow()).count;
    },
    /** Addresses that are told of events now. */
    activeWebhooks() {
      return db.selectFrom('webhooks').select(['id', 'url']).where('state', '=', 'active').orderBy('id').execute();
    },
    /** Yeses that stand for good. */
    endlessGrants() {
      return db
        .selectFrom('approval_grants')
        .select(['id', 'kind', 'act', 'scope'])
        .where('revoked_at', 'is', null)
        .where('expires_at', 'is', null)
        .where('scope', '!=', 'conversation')
        .orderBy('id')
        .limit(100)
        .execute();
    },
  };
}

function peopleQueries(db: Kysely<Schema>) {
  return {
    /** Names of those who may do everything. */
    async activeAdmins(): Promise<string[]> {
      const rows = await db
        .selectFrom('users')
        .select('username')
        .where('role', '=', 'admin')
        .where('state', '=', 'active')
        .orderBy('created_at')
        .execute();
      return rows.map(({ username }) => username);
    },
    /** Keys of active users that open something at `now`. */
    liveKeys(now: number): Promise<KeyFact[]> {
      return db
        .selectFrom('api_keys')
        .innerJoin('users', 'users.id', 'api_keys.user_id')
        .select(['api_keys.id', 'username', 'prefix', 'api_keys.created_at', 'expires_at', 'last_used_at'])
        .where('users.state', '=', 'active')
        .where('revoked_at', 'is', null)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        .orderBy('api_keys.id')
        .limit(1000)
        .execute();
    },
    /** Names of disabled users who still hold something that would let them in. */
    async disabledWithAccess(now: number): Promise<string[]> {
      const rows = await db
        .selectFrom('users')
        .select('username')
        .where('state', '=', 'disabled')
        .where(({ exists, or, selectFrom }) =>
          or([
            exists(
              selectFrom('sessions')
                .select('sessions.id')
                .whereRef('sessions.user_id', '=', 'users.id')
                .where('sessions.revoked_at', 'is', null)
                .where('sessions.expires_at', '>', now),
            ),
            exists(
              selectFrom('token_families')
                .select('token_families.id')
                .whereRef('token_families.user_id', '=', 'users.id')
                .where('token_families.revoked_at', 'is', null)
                .where('token_families.expires_at', '>', now),
            ),
          ]),
        )
        .orderBy('username')
        .execute();
      return rows.map(({ username }) => username);
    },
  };
}

function strangerQueries(db: Kysely<Schema>) {
  return {
    /** Codes of strangers and browsers that wait for a yes at `now`. */
    async waitingCodes(now: number): Promise<{ pairings: number; devices: number }> {
      const count = sql<number>`count(*)`.as('count');
      const waits = db
        .selectFrom('pairings')
        .select(count)
        .where('state', '=', 'pending')
        .where('expires_at', '>', now);
      const asks = db.selectFrom('devices').select(count).where('state', '=', 'pending').where('expires_at', '>', now);
      const [pairings, devices] = await Promise.all([waits.executeTakeFirstOrThrow(), asks.executeTakeFirstOrThrow()]);
      return { pairings: pairings.count, devices: devices.count };
    },
    /** The platform's ids of people whom an admin let in on `channel`. */
    async pairedPeople(channel: string): Promise<string[]> {
      const rows = await db
        .selectFrom('channel_people')
        .select('person_id')
        .where('channel', '=', channel)
        .where('state', '=', 'allowed')
        .orderBy('person_id')
        .execute();
      return rows.map(({ person_id: id }) => id);
    },
  };
}
