/** Owns the search in the index of messages. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { bareParts } from '../message-parts.ts';
import type { MessageFilter, MessageHitRow, UnindexedRow } from '../search-schema.ts';
import { checkOwnedIndex, type OwnedIndexCheck } from './check-owned-index.ts';
import { type MatchMode, type OwnedIndex, ownedIndex } from './owned-index.ts';
import { takePages } from './take-pages.ts';

/** Characters of a message, as it is stored, that counts half as much as a short one. */
const LONG = 10_000;

export const messageIndex = (db: Kysely<Schema>): OwnedIndex => ownedIndex(db, 'message_index');

/** The owner's messages that hit the query, the best first. The query is text, never syntax. */
export async function searchMessages(
  db: Kysely<Schema>,
  ownerId: string,
  asked: { readonly query: string; readonly mode: MatchMode },
  { limit, ...filter }: MessageFilter & { readonly limit: number },
): Promise<MessageHitRow[]> {
  const options = { mode: asked.mode, texts: await countMessages(db, ownerId) };
  const hits = await messageIndex(db).search(ownerId, asked.query, options);
  const found = await takePages(hits, { wanted: limit, longAt: LONG }, async (ids) => {
    const { rows } = await sql<Omit<MessageHitRow, 'score'> & { id: number }>`select m.id, m.conversation_id, c.title,
        c.origin, m.turn_id, m.seq, m.role, ${bareParts('m')} as parts, m.created_at
      from messages m
      join conversations c on c.id = m.conversation_id
      where m.id in (select value from json_each(${ids})) and c.owner_id = ${ownerId}
        and ${sql.join(conditions(filter), sql` and `)}`.execute(db);
    return rows.map(({ id, ...row }) => ({ row, id, length: row.parts.length }));
  });
  const rows = found.map(({ row, score }) => ({ ...row, score }));
  // Of copies in branches the first conversation's comes first.
  rows.sort(
    (a, b) =>
      b.score - a.score ||
      b.created_at - a.created_at ||
      (a.conversation_id < b.conversation_id ? -1 : 1) ||
      b.seq - a.seq,
  );
  return rows.slice(0, limit);
}

/** How many messages the owner has: the sum of the last number of each conversation, which is never counted anew. */
async function countMessages(db: Kysely<Schema>, ownerId: string): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`select
      sum((select max(seq) from messages where conversation_id = conversations.id)) as n
    from conversations where owner_id = ${ownerId}`.execute(db);
  return rows[0]?.n ?? 0;
}

function conditions({ from, to, origin, tag, role, within }: MessageFilter): RawBuilder<unknown>[] {
  return [
    sql`m.created_at >= ${from ?? 0}`,
    ...(to === undefined ? [] : [sql`m.created_at < ${to}`]),
    ...(origin === undefined ? [] : [sql`c.origin = ${origin}`]),
    ...(role === undefined ? [] : [sql`m.role = ${role}`]),
    ...(within === undefined
      ? []
      : [sql`m.conversation_id = ${within.conversationId}`, sql`m.seq <= ${within.upToSeq}`]),
    ...(tag === undefined
      ? []
      : [sql`exists (select 1 from conversation_tags t where t.conversation_id = c.id and t.tag = ${tag})`]),
  ];
}

/** Empties the index; every message waits to be indexed. */
export async function clearMessageIndex(db: Kysely<Schema>): Promise<void> {
  await messageIndex(db).clear();
  await sql`insert or ignore into messages_to_index select id from messages`.execute(db);
}

/** The self-test of the index; the newest `probes` messages are looked up one by one. */
export async function checkMessages(
  db: Kysely<Schema>,
  probes: number,
  textOf: (message: UnindexedRow) => string,
): Promise<OwnedIndexCheck> {
  const { rows } = await sql<{ texts: number; waiting: number }>`select
    (select count(*) from messages where role <> 'tool') as texts,
    (select count(*) from messages_to_index) as waiting`.execute(db);
  const [{ texts, waiting } = { texts: 0, waiting: 0 }] = rows;
  const newest = await sql<UnindexedRow>`select m.id, c.owner_id, m.role, ${bareParts('m')} as parts
    from messages m join conversations c on c.id = m.conversation_id
    where m.role <> 'tool' and m.id not in (select message_id from messages_to_index)
    order by m.id desc limit ${probes}`.execute(db);
  const texted = newest.rows.map((row) => ({ owner: row.owner_id, id: row.id, text: textOf(row) }));
  // A message may have no words: how many rows the index must have is not known without reading them all.
  return checkOwnedIndex(messageIndex(db), { waiting, least: 0, most: texts, probes: texted });
}
