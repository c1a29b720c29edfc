/** Owns that this process hears of its own writes, by topic and owner: temporary triggers, which the file of the database never sees and no other process pays for. What other processes write is told by `changeMark` of the store alone. */
import type Sqlite from 'better-sqlite3';
import type { Topic } from '../../kernel/topics.ts';
import type { Schema } from '../schema.ts';

/** A write: whose it is, or null for what is nobody's own. May come for writes that are taken back. */
export type OnWrite = (topic: Topic, ownerId: string | null) => void;

interface Watched {
  readonly table: keyof Schema;
  readonly topic: Topic;
  /** SQL of the user it belongs to, of `ROW`; null when absent, `''` for what admins alone see. */
  readonly owner?: string;
  /** Where the owner stands, when that is another table; a row that is gone tells nothing, because its own end did. */
  readonly from?: string;
  /** Columns whose change is one; any of them when absent. Times of a last look are none: they would answer a look by a look. */
  readonly columns?: readonly string[];
}

const OF_CONVERSATION = { owner: 'owner_id', from: 'main.conversations where id = ROW.conversation_id' };

const WATCHED: readonly Watched[] = [
  { table: 'conversations', topic: 'conversations', owner: 'ROW.owner_id' },
  { table: 'messages', topic: 'conversations', ...OF_CONVERSATION },
  { table: 'conversation_tags', topic: 'conversations', ...OF_CONVERSATION },
  { table: 'compactions', topic: 'conversations', ...OF_CONVERSATION },
  { table: 'tool_calls', topic: 'conversations', ...OF_CONVERSATION },
  { table: 'turns', topic: 'conversations', owner: 'ROW.user_id' },
  { table: 'turns', topic: 'status' },
  { table: 'inbound_messages', topic: 'status' },
  { table: 'outbox_messages', topic: 'status' },
  { table: 'provider_states', topic: 'status' },
  { table: 'accounts', topic: 'status' },
  { table: 'accounts', topic: 'accounts' },
  { table: 'outbox_messages', topic: 'deliveries', owner: "''" },
  { table: 'inbound_messages', topic: 'deliveries', owner: "''" },
  { table: 'webhooks', topic: 'deliveries', owner: 'ROW.owner_id' },
  { table: 'webhook_deliveries', topic: 'deliveries', owner: 'owner_id', from: 'main.webhooks where id = ROW.webhook_id' },
  { table: 'approvals', topic: 'approvals', owner: 'ROW.user_id' },
  { table: 'approval_grants', topic: 'approvals', owner: 'ROW.user_id' },
  { table: 'tool_versions', topic: 'tools' },
  { table: 'marketplace_packages', topic: 'tools' },
  { table: 'marketplace_registries', topic: 'tools' },
  { table: 'marketplace_revocations', topic: 'tools' },
  { table: 'tasks', topic: 'tasks', owner: 'ROW.owner_id' },
  { table: 'task_runs', topic: 'tasks', owner: 'owner_id', from: 'main.tasks where id = ROW.task_id', columns: ['state', 'reason', 'turn_id', 'output', 'conversation_id'] },
  { table: 'memories', topic: 'memory', owner: 'ROW.user_id' },
  { table: 'knowledge_documents', topic: 'knowledge', owner: 'ROW.owner_id' },
  { table: 'knowledge_folders', topic: 'knowledge', owner: 'ROW.owner_id', columns: ['path'] },
  { table: 'users', topic: 'users' },
  { table: 'api_keys', topic: 'users', columns: ['name', 'scopes', 'expires_at', 'revoked_at'] },
  { table: 'sessions', topic: 'users', columns: ['revoked_at'] },
  { table: 'devices', topic: 'users' },
  { table: 'pairings', topic: 'users' },
  { table: 'channel_people', topic: 'users', columns: ['name', 'user_id', 'state'] },
  { table: 'channel_people', topic: 'groups', columns: ['name', 'user_id', 'state'] },
  { table: 'rooms', topic: 'groups' },
  { table: 'room_folders', topic: 'groups' },
  { table: 'model_calls', topic: 'costs', owner: 'ROW.user_id' },
  { table: 'route_decisions', topic: 'costs', owner: 'ROW.user_id' },
  { table: 'budgets', topic: 'costs' },
  { table: 'budget_periods', topic: 'costs' },
  { table: 'model_choices', topic: 'settings' },
]; // oxfmt-ignore

/** What is kept in files, by the noun of the acts that the audit trail tells of it. */
const OF_FILES: Readonly<Record<string, readonly Topic[]>> = {
  config: ['settings'],
  secret: ['settings'],
  backup: ['backups'],
  retention: ['backups'],
};

/** SQL that makes the triggers, statement by statement; run it outside of any transaction, after `hearWrites`. */
export function changeTriggers(): readonly string[] {
  const audit = `create temp trigger claw_changed_audit after insert on main.audit_events begin
    select claw_acted(new.action); end`;
  return [...WATCHED.flatMap(triggersOf), audit];
}

function triggersOf({ table, topic, owner = 'null', from, columns }: Watched): readonly string[] {
  const call = `select claw_changed('${topic}', ${owner})${from === undefined ? '' : ` from ${from}`};`;
  const on = (name: string, event: string, row: string): string =>
    `create temp trigger claw_${name}_${table}_${topic} after ${event} on main.${table} begin
      ${call.replaceAll('ROW', row)} end`;
  const update = columns === undefined ? 'update' : `update of ${columns.join(', ')}`;
  return [on('added', 'insert', 'new'), on('changed', update, 'new'), on('gone', 'delete', 'old')];
}

/** Gives the database the functions that the triggers call. */
export function hearWrites(database: Sqlite.Database, onWrite: OnWrite): void {
  // Neither may throw: that would take the write back.
  database.function('claw_changed', (topic: unknown, owner: unknown) => {
    onWrite(topic as Topic, typeof owner === 'string' ? owner : null);
    return null;
  });
  database.function('claw_acted', (action: unknown) => {
    onWrite('audit', null);
    const [noun = ''] = String(action).split('.', 1);
    for (const topic of OF_FILES[noun] ?? []) onWrite(topic, null);
    return null;
  });
}
