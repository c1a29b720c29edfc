/** Owns what changes when a platform gives a chat another id: everything that is still open or registered there follows, what is settled stays as it was. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Call inside a transaction. Where the new id is registered already, that stays. */
export async function moveChat(db: Kysely<Schema>, from: string, to: string): Promise<void> {
  const isTaken = await db.selectFrom('rooms').select('jid').where('jid', '=', to).executeTakeFirst();
  if (isTaken === undefined) await db.updateTable('rooms').set({ jid: to }).where('jid', '=', from).execute();
  await db
    .updateTable('outbox_messages')
    .set({ chat_id: to, reply_to: null })
    .where('chat_id', '=', from)
    .where('state', 'in', ['pending', 'sending'])
    .execute();
  // Messages have other ids in the new chat, so none can meet one that is there.
  await db
    .updateTable('inbound_messages')
    .set({ chat_id: to, payload: sql<string>`json_set(payload, '$.chat', ${to})` })
    .where('chat_id', '=', from)
    .where('state', 'in', ['received', 'context', 'queued'])
    .where('external_id', 'not in', ({ selectFrom }) =>
      selectFrom('inbound_messages')
        .select(sql<string>`external_id`.as('id'))
        .where('chat_id', '=', to),
    )
    .execute();
  await db.updateTable('tasks').set({ chat_id: to }).where('chat_id', '=', from).execute();
  // A place that is no registered room is written with the person behind it: `tg:-5 42`.
  const places = await db.selectFrom('direct_chats').select('jid').where('jid', 'like', `${from} %`).execute();
  for (const { jid } of places) {
    const moved = to + jid.slice(from.length);
    const known = await db.selectFrom('direct_chats').select('jid').where('jid', '=', moved).executeTakeFirst();
    if (known !== undefined) continue;
    await db.updateTable('direct_chats').set({ jid: moved }).where('jid', '=', jid).execute();
  }
}
