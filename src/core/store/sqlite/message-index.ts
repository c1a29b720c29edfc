/** Owns the full-text index of messages: what SQLite alone can do of it. The index holds no text, only its terms. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { indexTerms } from '../../kernel/search-text.ts';
import type { Schema } from '../schema.ts';
import type { MessageFilter, MessageHitRow } from '../search-schema.ts';

/** The owner as one word that no tokenizer takes apart or stems. */
function ownerTerm(ownerId: string): string {
  return `h${Buffer.from(ownerId).toString('hex')}x`;
}

export async function putMessage(db: Kysely<Schema>, id: number, ownerId: string, text: string): Promise<void> {
  await sql`delete from message_index where rowid = ${id}`.execute(db);
  const { words, grams } = indexTerms(text);
  if (words === '' && grams === '') return;
  await sql`insert into message_index (rowid, owner, words, grams)
    values (${id}, ${ownerTerm(ownerId)}, ${words}, ${grams})`.execute(db);
}

/** The owner's messages that hit `match`, an expression of `matchExpression`; the best first. */
export async function searchMessages(
  db: Kysely<Schema>,
  ownerId: string,
  match: string,
  { limit, ...filter }: MessageFilter & { readonly limit: number },
): Promise<MessageHitRow[]> {
  const expression = `owner : "${ownerTerm(ownerId)}" AND (${match})`;
  const { rows } = await sql<MessageHitRow>`select m.conversation_id, c.title, c.origin, m.turn_id, m.seq, m.role,
      m.parts, m.created_at, bm25(message_index, 0.0, 4.0, 1.0) as rank
    from message_index
    join messages m on m.id = message_index.rowid
    join conversations c on c.id = m.conversation_id
    where message_index match ${expression} and c.owner_id = ${ownerId} and ${sql.join(conditions(filter), sql` and `)}
    order by rank, m.created_at desc, c.created_at
    limit ${limit}`.execute(db);
  return rows;
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
