/** Owns what becomes of a user's rows when they are deleted: what is theirs alone goes, what others rely on stays and names nobody. A test holds it against every reference to users. */
import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';
import { FORMER_USER_ID } from './users-table.ts';

export type FormerUserQueries = ReturnType<typeof formerUsersTable>;

export function formerUsersTable(db: Kysely<Schema>) {
  return {
    async hasRunningTurn(userId: string): Promise<boolean> {
      const row = await db
        .selectFrom('turns')
        .select('id')
        .where('user_id', '=', userId)
        .where('state', '=', 'running')
        .executeTakeFirst();
      return row !== undefined;
    },
    /** Deletes the user. Rooms they own, with the conversations of these, pass to `heirId`. Call inside a transaction. */
    async erase(userId: string, { heirId, now }: { readonly heirId: string; readonly now: number }): Promise<void> {
      await addFormer(db, now);
      await handOverRooms(db, userId, heirId);
      await forgetChats(db, userId, now);
      await keepNameless(db, userId);
      await forgetGrants(db, userId);
      const tasks = db.selectFrom('tasks').select('id').where('owner_id', '=', userId);
      await db.deleteFrom('budgets').where('scope', '=', 'task').where('subject', 'in', tasks).execute();
      await db.deleteFrom('tasks').where('owner_id', '=', userId).execute();
      await db.deleteFrom('budgets').where('scope', '=', 'user').where('subject', '=', userId).execute();
      await db.deleteFrom('conversations').where('owner_id', '=', userId).execute();
      await db.deleteFrom('users').where('id', '=', userId).execute();
    },
  };
}

/** Nobody can sign in as them, and no list shows them. */
export async function addFormer(db: Kysely<Schema>, now: number): Promise<void> {
  await db
    .insertInto('users')
    .values({ id: FORMER_USER_ID, username: '(former user)', role: 'readonly', state: 'disabled', created_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

async function handOverRooms(db: Kysely<Schema>, userId: string, heirId: string): Promise<void> {
  const rooms = db
    .selectFrom('room_folders')
    .select('conversation_id')
    .where('owner_id', '=', userId)
    .where('conversation_id', 'is not', null);
  await db
    .updateTable('conversations')
    .set({ owner_id: heirId })
    .where('owner_id', '=', userId)
    .where('id', 'in', rooms.$castTo<{ conversation_id: string }>())
    .execute();
  await db.updateTable('room_folders').set({ owner_id: heirId }).where('owner_id', '=', userId).execute();
}

/** On chat platforms they are strangers again; whoever was blocked stays blocked. */
async function forgetChats(db: Kysely<Schema>, userId: string, now: number): Promise<void> {
  const chats = db.selectFrom('direct_chats').select('jid').where('user_id', '=', userId);
  await db
    .updateTable('outbox_messages')
    .set({ state: 'cancelled', reason: 'the user was deleted', settled_at: now })
    .where('state', '=', 'pending')
    .where('chat_id', 'in', chats)
    .execute();
  await db.deleteFrom('direct_chats').where('user_id', '=', userId).execute();
  const theirs = db.updateTable('channel_people').where('user_id', '=', userId);
  await theirs.set({ state: 'unknown' }).where('state', '=', 'allowed').execute();
  await theirs.set({ user_id: null }).execute();
  await db.updateTable('inbound_messages').set({ user_id: null }).where('user_id', '=', userId).execute();
}

/** Money that was spent, and turns in rooms of others, stay counted. */
async function keepNameless(db: Kysely<Schema>, userId: string): Promise<void> {
  const former = { user_id: FORMER_USER_ID };
  await db.updateTable('model_calls').set(former).where('user_id', '=', userId).execute();
  await db.updateTable('call_sums').set(former).where('user_id', '=', userId).execute();
  await db.updateTable('route_sums').set(former).where('user_id', '=', userId).execute();
  await db.updateTable('turns').set(former).where('user_id', '=', userId).execute();
  await db.updateTable('pairing_attempts').set(former).where('user_id', '=', userId).execute();
  await db.updateTable('pairings').set({ decided_by: FORMER_USER_ID }).where('decided_by', '=', userId).execute();
  await db.updateTable('approvals').set({ decided_by: FORMER_USER_ID }).where('decided_by', '=', userId).execute();
  await db.updateTable('tool_versions').set({ created_by: null }).where('created_by', '=', userId).execute();
  await db.updateTable('tool_versions').set({ decided_by: null }).where('decided_by', '=', userId).execute();
}

/** What they were allowed ends with them, and what they allowed others ends too. */
async function forgetGrants(db: Kysely<Schema>, userId: string): Promise<void> {
  const former = FORMER_USER_ID;
  const own = db.selectFrom('approvals').select('id').where('user_id', '=', userId);
  await db
    .deleteFrom('approval_grants')
    .where(({ eb, or }) =>
      or([eb('user_id', '=', userId), eb('created_by', '=', userId), eb('approval_id', 'in', own)]),
    )
    .execute();
  await db.updateTable('approval_grants').set({ revoked_by: former }).where('revoked_by', '=', userId).execute();
  await db.deleteFrom('approvals').where('user_id', '=', userId).execute();
}
