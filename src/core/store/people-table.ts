/** Owns the queries on people of chat platforms and on pairing codes. A code is decided once, whoever else tries at the same moment. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type { ChannelPeopleTable, PairingsTable, PairingState, PersonState } from './rooms-schema.ts';
import type { Schema } from './schema.ts';

export type PersonRow = Selectable<ChannelPeopleTable>;
export type PairingRow = Selectable<PairingsTable>;
export type PeopleQueries = ReturnType<typeof personQueries> & ReturnType<typeof pairingQueries>;

export function peopleTable(db: Kysely<Schema>): PeopleQueries {
  return { ...personQueries(db), ...pairingQueries(db) };
}

function personQueries(db: Kysely<Schema>) {
  return {
    find(channel: string, personId: string): Promise<PersonRow | undefined> {
      return db
        .selectFrom('channel_people')
        .selectAll()
        .where('channel', '=', channel)
        .where('person_id', '=', personId)
        .executeTakeFirst();
    },
    /** Records that the person was seen, under the name they bear now. */
    async see(person: { channel: string; personId: string; name: string }, now: number): Promise<PersonRow> {
      return db
        .insertInto('channel_people')
        .values({
          channel: person.channel,
          person_id: person.personId,
          name: person.name,
          user_id: null,
          state: 'unknown',
          first_seen_at: now,
          last_seen_at: now,
        })
        .onConflict((conflict) =>
          conflict.columns(['channel', 'person_id']).doUpdateSet({ name: person.name, last_seen_at: now }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
    },
    async link(
      channel: string,
      personId: string,
      to: { readonly userId: string; readonly state?: PersonState },
    ): Promise<void> {
      await db
        .updateTable('channel_people')
        .set({ user_id: to.userId, ...(to.state === undefined ? {} : { state: to.state }) })
        .where('channel', '=', channel)
        .where('person_id', '=', personId)
        .execute();
    },
    /** The people that are that user, last seen first. */
    ofUser(userId: string): Promise<PersonRow[]> {
      return db
        .selectFrom('channel_people')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('last_seen_at', 'desc')
        .orderBy('person_id')
        .execute();
    },
    /** Makes the person a stranger again; false when they are not that user. */
    async unlink(channel: string, personId: string, userId: string): Promise<boolean> {
      const result = await db
        .updateTable('channel_people')
        .set({ user_id: null, state: 'unknown' })
        .where('channel', '=', channel)
        .where('person_id', '=', personId)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function pairingQueries(db: Kysely<Schema>) {
  return {
    async insertPairing(row: Insertable<PairingsTable>): Promise<void> {
      await db.insertInto('pairings').values(row).execute();
    },
    pairingByHash(codeHash: string): Promise<PairingRow | undefined> {
      return db.selectFrom('pairings').selectAll().where('code_hash', '=', codeHash).executeTakeFirst();
    },
    /** Codes given to the person since `since`, newest first. */
    pairingsOf(channel: string, personId: string, since: number): Promise<PairingRow[]> {
      return db
        .selectFrom('pairings')
        .selectAll()
        .where('channel', '=', channel)
        .where('person_id', '=', personId)
        .where('created_at', '>', since)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute();
    },
    /** Newest first. `pendingAt`: only those that are good at that instant. */
    pairings(pendingAt?: number): Promise<PairingRow[]> {
      const all = db.selectFrom('pairings').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').limit(200);
      if (pendingAt === undefined) return all.execute();
      return all.where('state', '=', 'pending').where('expires_at', '>', pendingAt).execute();
    },
    /** Settles a code that waits and is still good; false when it was settled before or its time is over. */
    async decidePairing(id: string, to: { state: PairingState; by: string }, now: number): Promise<boolean> {
      const result = await db
        .updateTable('pairings')
        .set({ state: to.state, decided_by: to.by, decided_at: now })
        .where('id', '=', id)
        .where('state', '=', 'pending')
        .where('expires_at', '>', now)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    /** Marks codes as expired: those whose time is over, and with `person` all that wait for them. */
    async expirePairings(now: number, person?: { channel: string; personId: string }): Promise<void> {
      const waiting = db.updateTable('pairings').set({ state: 'expired' }).where('state', '=', 'pending');
      if (person === undefined) await waiting.where('expires_at', '<=', now).execute();
      else await waiting.where('channel', '=', person.channel).where('person_id', '=', person.personId).execute();
    },
    async insertWrongCode(row: { id: string; user_id: string; at: number }): Promise<void> {
      await db.insertInto('pairing_attempts').values(row).execute();
    },
    /** Instants of the last wrong codes, newest first. */
    async lastWrongCodes(limit: number): Promise<number[]> {
      const rows = await db
        .selectFrom('pairing_attempts')
        .select('at')
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ at }) => at);
    },
  };
}
