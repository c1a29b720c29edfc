/** Owns the steps by which whole conversations go, and old messages of those that never end. A conversation is first handed to nobody, in one transaction; then it is emptied piece by piece. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { addFormer } from './former-users-table.ts';
import type { Gone } from './retention-rules.ts';
import type { Schema } from './schema.ts';
import { FORMER_USER_ID } from './users-table.ts';

/** Tags that keep a conversation for good. */
const KEEPING_TAGS = ['keep', 'pinned'] as const;

/** Where a conversation comes from that was handed to nobody. */
const GONE_ORIGIN = 'deleted';

export interface AgeingConversation {
  readonly id: string;
  readonly origin: string;
  readonly updated_at: number;
  /** Tagged to be kept, or the standing conversation of a room, a direct chat or a task. */
  readonly is_kept: number;
}

const isTagged = sql`exists (select 1 from conversation_tags n where n.conversation_id = t.id
  and n.tag in (${sql.join(KEEPING_TAGS.map((tag) => sql.lit(tag)))}))`;
const isStanding = sql`(exists (select 1 from room_folders n where n.conversation_id = t.id)
  or exists (select 1 from direct_chats n where n.conversation_id = t.id)
  or t.id in (select n.conversation_id from tasks n where n.conversation_id is not null and n.state not in ('done', 'cancelled')))`;

/** Something that has not come to its end needs the conversation. */
const isLive = (now: number): RawBuilder<unknown> => sql`(
  exists (select 1 from turns n where n.conversation_id = t.id and (n.state = 'running' or n.retry_at is not null))
  or exists (select 1 from inbound_messages n where n.conversation_id = t.id and n.state in ('received', 'queued'))
  or exists (select 1 from outbox_messages n where n.conversation_id = t.id and n.state in ('pending', 'sending'))
  or t.id in (select n.conversation_id from approvals n where n.state in ('pending', 'approved') and n.expires_at > ${now} and n.conversation_id is not null)
  or t.id in (select n.conversation_id from task_runs n where n.state = 'running' and n.conversation_id is not null)
  or exists (select 1 from learning_passes n where n.conversation_id = t.id and n.state in ('running', 'learned')))`;

const within = (ids: readonly string[]): RawBuilder<unknown> =>
  sql`(select value from json_each(${JSON.stringify(ids)}))`;

export function conversationRetention(db: Kysely<Schema>) {
  return {
    async owners(): Promise<string[]> {
      const rows = await db.selectFrom('users').select('id').where('id', '!=', FORMER_USER_ID).execute();
      return rows.map(({ id }) => id);
    },
    /** The owner's conversations after the given one, the last used first. */
    async ageing(
      ownerId: string,
      after: Pick<AgeingConversation, 'id' | 'updated_at'> | undefined,
      most: number,
    ): Promise<AgeingConversation[]> {
      const { rows } = await sql<AgeingConversation>`
        select t.id, t.origin, t.updated_at, (${isTagged} or ${isStanding}) as is_kept from conversations t
        where t.owner_id = ${ownerId}
          and ${after === undefined ? sql.lit(1) : sql`(t.updated_at, t.id) < (${after.updated_at}, ${after.id})`}
        order by t.updated_at desc, t.id desc limit ${most}`.execute(db);
      return rows;
    },
    /** Those of the conversations that nothing needs any more. */
    async idle(ids: readonly string[], now: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`
        select t.id from conversations t where t.id in ${within(ids)} and not ${isLive(now)}`.execute(db);
      return rows.map(({ id }) => id);
    },
    /** From now on they are nobody's, and no query of an owner finds them. */
    async giveUp(ids: readonly string[], now: number): Promise<void> {
      await addFormer(db, now);
      await sql`update conversations set owner_id = ${FORMER_USER_ID}, origin = ${GONE_ORIGIN}
        where id in ${within(ids)}`.execute(db);
    },
    /** Conversations that are to be emptied. */
    async givenUp(most: number): Promise<string[]> {
      const rows = await db
        .selectFrom('conversations')
        .select('id')
        .where('owner_id', '=', FORMER_USER_ID)
        .where('origin', '=', GONE_ORIGIN)
        .limit(most)
        .execute();
      return rows.map(({ id }) => id);
    },
    /** Takes some messages of the conversations away; with none left some turns, then their ties to what came in. */
    emptyOut: (ids: readonly string[], most: number): Promise<Emptied> => emptyOut(db, ids, most),
    /** Takes away conversations that were emptied. */
    async removeEmpty(ids: readonly string[]): Promise<void> {
      await sql`delete from conversations where id in ${within(ids)} and owner_id = ${FORMER_USER_ID}`.execute(db);
    },
    /** What is in the conversations. */
    async weigh(ids: readonly string[]): Promise<Gone> {
      const { rows } = await sql<Gone>`select count(*) as rows, coalesce(sum(octet_length(parts)), 0) as bytes
        from messages where conversation_id in ${within(ids)}`.execute(db);
      return rows[0] ?? { rows: 0, bytes: 0 };
    },
    /** Conversations that never end, but for those that are tagged to be kept, after the given one. */
    async standing(after: string, most: number): Promise<string[]> {
      const { rows } = await sql<{ id: string }>`select t.id from conversations t
        where t.id > ${after} and ${isStanding} and not ${isTagged} order by t.id limit ${most}`.execute(db);
      return rows.map(({ id }) => id);
    },
    /** Takes away messages of a standing conversation from before `limit`, from the oldest on, with their turns; the last turn stays. */
    trim: (id: string, request: TrimRequest): Promise<Trimmed> => trim(db, id, request),
  };
}

/** What a step took away of conversations that were given up. */
export interface Emptied {
  readonly messages: Gone;
  readonly turns: number;
  /** Nothing is left but the conversations themselves. */
  readonly isDone: boolean;
}

async function emptyOut(db: Kysely<Schema>, ids: readonly string[], most: number): Promise<Emptied> {
  const { rows } = await sql<{ id: number; bytes: number }>`select id, octet_length(parts) as bytes from messages
    where conversation_id in ${within(ids)} limit ${most}`.execute(db);
  if (rows.length > 0) {
    const keys = JSON.stringify(rows.map(({ id }) => id));
    await sql`delete from messages where id in (select value from json_each(${keys}))`.execute(db);
    return { messages: { rows: rows.length, bytes: sumBytes(rows) }, turns: 0, isDone: false };
  }
  const messages = { rows: 0, bytes: 0 };
  const turns = await sql`delete from turns where rowid in (
    select rowid from turns where conversation_id in ${within(ids)} limit ${most})`.execute(db);
  if ((turns.numAffectedRows ?? 0n) > 0n) return { messages, turns: Number(turns.numAffectedRows), isDone: false };
  // What came in has a rule of its own, and a message that failed can still be sent again.
  const detached = await sql`update inbound_messages set conversation_id = null,
      parts = case state when 'failed' then parts else '[]' end,
      payload = case state when 'failed' then payload else null end
    where seq in (select seq from inbound_messages where conversation_id in ${within(ids)} limit ${most})`.execute(db);
  return { messages, turns: 0, isDone: (detached.numAffectedRows ?? 0n) === 0n };
}

interface TrimRequest {
  /** Milliseconds UTC. */
  readonly limit: number;
  readonly now: number;
  /** The last number that was looked at. */
  readonly after: number;
  readonly most: number;
  readonly isTrial: boolean;
}

interface Trimmed {
  readonly gone: Gone;
  /** Turns that went with their messages. */
  readonly turns: number;
  /** The last number that went; undefined when nothing more goes. */
  readonly after: number | undefined;
}

interface OldMessage {
  readonly id: number;
  readonly seq: number;
  readonly turn_id: string;
  readonly created_at: number;
  readonly bytes: number;
}

async function trim(db: Kysely<Schema>, id: string, request: TrimRequest): Promise<Trimmed> {
  const { limit, now, after, most, isTrial } = request;
  // One more than may go: whether its turn goes on tells whether the last turn went whole.
  const { rows } = await sql<OldMessage & { last_turn: string }>`
    select m.id, m.seq, m.turn_id, m.created_at, octet_length(m.parts) as bytes,
      (select l.turn_id from messages l where l.conversation_id = ${id} order by l.seq desc limit 1) as last_turn
    from messages m where m.conversation_id = ${id} and m.seq > ${after}
      and exists (select 1 from conversations t where t.id = ${id} and not ${isLive(now)})
    order by m.seq limit ${most + 1}`.execute(db);
  const young = rows.findIndex((row) => row.created_at >= limit || row.turn_id === row.last_turn);
  const old = rows.slice(0, Math.min(most, young === -1 ? rows.length : young));
  const last = old.at(-1);
  if (last === undefined) return { gone: { rows: 0, bytes: 0 }, turns: 0, after: undefined };
  const gone = { rows: old.length, bytes: sumBytes(old) };
  const turns = isTrial ? 0 : await removeMessages(db, id, old, rows[old.length]?.turn_id);
  return { gone, turns, after: old.length < most ? undefined : last.seq };
}

/** With the turns that have no message left. Returns how many turns went. */
async function removeMessages(
  db: Kysely<Schema>,
  conversationId: string,
  messages: readonly OldMessage[],
  openTurn: string | undefined,
): Promise<number> {
  const keys = JSON.stringify(messages.map(({ id }) => id));
  await sql`delete from messages where id in (select value from json_each(${keys}))`.execute(db);
  const whole = new Set(messages.map((message) => message.turn_id));
  if (openTurn !== undefined) whole.delete(openTurn);
  const result = await sql`delete from turns where conversation_id = ${conversationId}
    and id in ${within([...whole])}`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

const sumBytes = (rows: readonly { readonly bytes: number }[]): number =>
  rows.reduce((sum, { bytes }) => sum + bytes, 0);
