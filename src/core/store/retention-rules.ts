/** Owns which rows of which tables retention takes away, as data: a table, the key it is walked by, and when a row is done with. What a row is still needed for is part of its condition. */
import { type RawBuilder, sql } from 'kysely';

/** What went, or would go. */
export interface Gone {
  readonly rows: number;
  /** Bytes of their texts. */
  readonly bytes: number;
}

/** Instants (milliseconds UTC); what is older goes. */
export interface RowLimits {
  /** Of conversations, and of what belongs to their turns. */
  readonly conversations: number;
  /** Of messages that were taken in and sent, and of runs of tasks. */
  readonly deliveries: number;
  /** Of other finished records. */
  readonly records: number;
  /** Of sums by the hour: never later than two months ago, because budgets count a month's rows. */
  readonly sums: number;
  readonly now: number;
  /** Runs that each task keeps, however old. */
  readonly taskRuns: number;
}

export interface RowRule {
  /** What the rows are called in counts. */
  readonly kind: string;
  readonly table: string;
  /** What they are deleted from by that key as rowid, where it is not the table itself. */
  readonly from?: string;
  /** Integer, or text for a table without row numbers. */
  readonly key: string;
  /** Whether a row goes. The table is called `t`. */
  readonly isDone: (limits: RowLimits) => RawBuilder<unknown>;
  /** Columns whose bytes are counted. */
  readonly texts: readonly string[];
  /** What becomes of the rows besides; `keys` is a JSON array. */
  readonly before?: (keys: string) => RawBuilder<unknown>;
}

/** A turn that goes on, or is tried again, needs what came in for it and what it sent. */
const turnIsOver = sql`not exists (select 1 from turns n where n.id = t.turn_id and (n.state = 'running' or n.retry_at is not null))`;
const turnIsGone = sql`not exists (select 1 from turns n where n.id = t.turn_id)`;

/** The last message of a chat stays: it tells a platform where to go on. */
const isNotLastOfChat = sql`(t.chat_id is null or exists (select 1 from inbound_messages n
  where n.channel = t.channel and n.chat_id = t.chat_id and n.seq > t.seq))`;

/** The room that asked is known by what came in, so that it is noted with the calls before that goes. */
const noteRooms = (keys: string): RawBuilder<unknown> => sql`update model_calls set room = (
    select r.folder from inbound_messages i join rooms r on r.jid = i.chat_id where i.turn_id = model_calls.turn_id limit 1
  ) where room is null and turn_id in (
    select turn_id from inbound_messages
    where seq in (select value from json_each(${keys})) and chat_id is not null and turn_id is not null)`;

const QUARTER_MS = sql.lit(900_000);

const addUpCalls = (keys: string): RawBuilder<unknown> => sql`insert into call_sums
    (quarter, user_id, model, tools, task_id, room, calls, input_tokens, output_tokens, cached_tokens,
      cache_write_tokens, cost_micro_usd, unpriced_calls, estimated_calls)
  select t.started_at / ${QUARTER_MS}, t.user_id, t.model, t.tools, t.task_id,
    coalesce(t.room,
      (select r.folder from inbound_messages i join rooms r on r.jid = i.chat_id where i.turn_id = t.turn_id limit 1),
      (select f.folder from room_folders f where f.conversation_id = t.conversation_id limit 1)) as folder,
    count(*), sum(t.input_tokens), sum(t.output_tokens), sum(t.cached_tokens), sum(t.cache_write_tokens),
    coalesce(sum(t.cost_micro_usd), 0), count(*) - count(t.cost_micro_usd), sum(t.is_estimated)
  from model_calls t where t.rowid in (select value from json_each(${keys}))
  group by 1, 2, 3, 4, 5, folder`;

const addUpRoutes = (keys: string): RawBuilder<unknown> => sql`insert into route_sums
    (quarter, user_id, tier, escalated, turns, input_tokens, output_tokens, cost_micro_usd)
  select t.decided_at / ${QUARTER_MS}, t.user_id, t.tier, t.escalated, count(*), coalesce(sum(t.input_tokens), 0),
    coalesce(sum(t.output_tokens), 0), coalesce(sum(t.cost_micro_usd), 0)
  from route_decisions t where t.turn_id in (select value from json_each(${keys}))
  group by 1, 2, 3, 4`;

/** In the order in which they are gone through: what refers to a row goes before it. */
export const ROW_RULES: readonly RowRule[] = [
  {
    kind: 'inbound_messages',
    table: 'inbound_messages',
    key: 'seq',
    isDone: ({ conversations, deliveries, records }) => sql`(case t.state
        when 'received' then 0 when 'queued' then 0
        when 'failed' then t.received_at < ${records}
        when 'context' then t.received_at < ${conversations}
        else t.received_at < ${deliveries} end)
      and ${isNotLastOfChat} and ${turnIsOver}`,
    texts: ['parts', 'payload'],
    before: noteRooms,
  },
  {
    kind: 'outbox_messages',
    table: 'outbox_messages',
    key: 'seq',
    isDone: ({ deliveries, records }) => sql`(case
        when t.state in ('delivered', 'cancelled') then coalesce(t.settled_at, t.created_at) < ${deliveries}
        when t.state in ('failed', 'uncertain') then coalesce(t.settled_at, t.created_at) < ${records}
        else 0 end)
      and ${turnIsOver}
      and t.id not in (select edits from outbox_messages where state in ('pending', 'sending') and edits is not null)`,
    texts: ['text', 'buttons'],
  },
  {
    kind: 'webhook_deliveries',
    table: 'webhook_deliveries',
    key: 'rowid',
    isDone: ({ deliveries }) => sql`t.state <> 'pending' and coalesce(t.settled_at, t.created_at) < ${deliveries}`,
    texts: ['body', 'response'],
  },
  {
    kind: 'task_runs',
    table: 'task_runs',
    key: 'rowid',
    isDone: ({ deliveries, taskRuns }) => sql`t.state <> 'running' and t.last_due_at < ${deliveries}
      and coalesce(t.ended_at, t.claimed_at) < ${deliveries}
      and exists (select 1 from task_runs n where n.task_id = t.task_id and n.is_manual = t.is_manual
        and n.due_at > t.due_at limit 1 offset ${sql.lit(Math.max(0, taskRuns - 1))})`,
    texts: ['output'],
  },
  {
    kind: 'model_calls',
    table: 'model_calls',
    key: 'rowid',
    isDone: ({ sums }) => sql`t.started_at < ${sums} and t.state <> 'started' and ${turnIsGone}`,
    texts: ['error', 'tries'],
    before: addUpCalls,
  },
  {
    kind: 'route_decisions',
    table: 'route_decisions',
    key: 'turn_id',
    isDone: ({ sums }) => sql`t.decided_at < ${sums} and ${turnIsGone}`,
    texts: ['parts', 'reason'],
    before: addUpRoutes,
  },
  {
    kind: 'approval_grants',
    table: 'approval_grants',
    key: 'rowid',
    isDone: ({ records }) => sql`(t.revoked_at < ${records} or t.expires_at < ${records})`,
    texts: ['act'],
  },
  {
    kind: 'approvals',
    table: 'approvals',
    key: 'rowid',
    isDone: ({ records }) => sql`t.expires_at < ${records} and t.created_at < ${records}
      and not exists (select 1 from approval_grants n where n.approval_id = t.id)
      and not exists (select 1 from tool_versions n where n.approval_id = t.id)`,
    texts: ['act', 'detail'],
  },
  {
    kind: 'learning_passes',
    table: 'learning_passes',
    key: 'rowid',
    // The last pass of a conversation says how far it was learned from.
    isDone: ({ records }) => sql`t.state in ('done', 'skipped') and coalesce(t.ended_at, t.created_at) < ${records}
      and exists (select 1 from learning_passes n where n.conversation_id = t.conversation_id and n.up_to_seq > t.up_to_seq)`,
    texts: ['reason'],
  },
  {
    kind: 'pairings',
    table: 'pairings',
    key: 'rowid',
    isDone: ({ records }) => sql`t.expires_at < ${records} and coalesce(t.decided_at, t.created_at) < ${records}`,
    texts: ['person_name'],
  },
  {
    kind: 'pairing_attempts',
    table: 'pairing_attempts',
    key: 'rowid',
    isDone: ({ records }) => sql`t.at < ${records}`,
    texts: [],
  },
  {
    kind: 'strangers',
    table: 'channel_people',
    key: 'rowid',
    isDone: ({ records }) => sql`t.state = 'unknown' and t.user_id is null and t.last_seen_at < ${records}`,
    texts: ['name'],
  },
  {
    kind: 'sessions',
    table: 'sessions',
    key: 'rowid',
    isDone: ({ records }) => sql`(t.expires_at < ${records} or t.revoked_at < ${records})`,
    texts: ['agent'],
  },
  {
    kind: 'token_families',
    table: 'token_families',
    key: 'rowid',
    isDone: ({ records }) => sql`(t.expires_at < ${records} or t.revoked_at < ${records})`,
    texts: [],
  },
  {
    kind: 'devices',
    table: 'devices',
    key: 'rowid',
    isDone: ({ records }) => sql`t.state <> 'approved' and coalesce(t.decided_at, t.expires_at) < ${records}
      and t.expires_at < ${records}`,
    texts: ['name'],
  },
  {
    kind: 'index_rows',
    table: 'knowledge_index_docsize',
    from: 'knowledge_index',
    key: 'id',
    isDone: () => sql`not exists (select 1 from knowledge_chunks n where n.seq = t.id)`,
    texts: [],
  },
];
