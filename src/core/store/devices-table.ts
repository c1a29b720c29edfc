/** Owns the queries on devices: browsers that asked to be let in, and those that were. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { DevicesTable, DeviceState } from './access-schema.ts';
import type { Schema } from './schema.ts';

/** A device with the names of the user it speaks for, and of who asked for it. */
export type DeviceRow = Selectable<DevicesTable> & { readonly username: string | null; readonly asker: string | null };
export type DeviceQueries = ReturnType<typeof devicesTable>;

export function devicesTable(db: Kysely<Schema>) {
  return { ...readingQueries(db), ...changingQueries(db) };
}

function readingQueries(db: Kysely<Schema>) {
  const rows = () =>
    db
      .selectFrom('devices')
      .leftJoin('users', 'users.id', 'devices.user_id')
      .leftJoin('users as askers', 'askers.id', 'devices.asked_by')
      .selectAll('devices')
      .select(['users.username as username', 'askers.username as asker']);
  return {
    byCode: (hash: string): Promise<DeviceRow | undefined> => rows().where('code_hash', '=', hash).executeTakeFirst(),
    bySecret: (hash: string): Promise<DeviceRow | undefined> =>
      rows().where('secret_hash', '=', hash).executeTakeFirst(),
    /** The browser with this cookie that was let in as the user. */
    known: (cookieHash: string, userId: string): Promise<DeviceRow | undefined> =>
      rows()
        .where('cookie_hash', '=', cookieHash)
        .where('devices.user_id', '=', userId)
        .where('devices.state', '=', 'approved')
        .executeTakeFirst(),
    /** Whether any user's browser has this cookie. */
    hasCookie: async (cookieHash: string): Promise<boolean> =>
      (await db.selectFrom('devices').select('id').where('cookie_hash', '=', cookieHash).executeTakeFirst()) !==
      undefined,
    byId: (id: string): Promise<DeviceRow | undefined> => rows().where('devices.id', '=', id).executeTakeFirst(),
    /** Newest first: those that wait at `now`, and those that were let in. */
    list: (now: number): Promise<DeviceRow[]> =>
      rows()
        .where((is) =>
          is.or([
            is('devices.state', '=', 'approved'),
            is.and([is('devices.state', '=', 'pending'), is('expires_at', '>', now)]),
          ]),
        )
        .orderBy('devices.created_at', 'desc')
        .orderBy('devices.id', 'desc')
        .execute(),
    /** How many wait of whom nobody knows who they are. */
    async waiting(now: number): Promise<number> {
      const row = await db
        .selectFrom('devices')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', '=', 'pending')
        .where('asked_by', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return row?.count ?? 0;
    },
  };
}

function changingQueries(db: Kysely<Schema>) {
  return {
    async insert(row: Insertable<DevicesTable>): Promise<void> {
      await db.insertInto('devices').values(row).execute();
    },
    /** False when its state is another by now. */
    async decide(
      id: string,
      from: DeviceState,
      to: { readonly state: DeviceState; readonly by: string; readonly at: number; readonly userId?: string },
    ): Promise<boolean> {
      const result = await db
        .updateTable('devices')
        .set({
          state: to.state,
          decided_by: to.by,
          decided_at: to.at,
          ...(to.userId === undefined ? {} : { user_id: to.userId }),
        })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** False when its browser was there before. */
    async claim(id: string, cookieHash: string, now: number): Promise<boolean> {
      const result = await db
        .updateTable('devices')
        .set({ claimed_at: now, last_seen_at: now, cookie_hash: cookieHash })
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .where('claimed_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    async touch(id: string, now: number): Promise<void> {
      await db.updateTable('devices').set({ last_seen_at: now }).where('id', '=', id).execute();
    },
    /** Forgets what the user asked for and nobody decided. */
    async forgetAsked(userId: string): Promise<void> {
      await db.deleteFrom('devices').where('asked_by', '=', userId).where('state', '=', 'pending').execute();
    },
    /** Forgets those that nobody let in before `instant`. */
    async prune(instant: number): Promise<void> {
      await db.deleteFrom('devices').where('claimed_at', 'is', null).where('expires_at', '<', instant).execute();
    },
  };
}
