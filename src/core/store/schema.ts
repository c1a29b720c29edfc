/** Owns the one interface every query is typed by: a row type per table. Instants are milliseconds UTC, money is micro-USD, JSON columns are text. */
import type { Generated } from 'kysely';

export interface UsersTable {
  id: string;
  username: string;
  role: 'admin' | 'user' | 'readonly';
  state: 'active' | 'disabled';
  created_at: number;
}

export interface ConversationsTable {
  id: string;
  owner_id: string;
  title: string;
  /** Where it was begun: `terminal`, later a channel. */
  origin: string;
  /** The conversation and message it was branched from. */
  parent_id: string | null;
  parent_seq: number | null;
  created_at: number;
  updated_at: number;
}

export interface MessagesTable {
  id: Generated<number>;
  conversation_id: string;
  /** 1, 2, 3 … within the conversation. */
  seq: number;
  turn_id: string;
  role: 'user' | 'assistant' | 'tool';
  /** JSON: `Part[]` of kernel/messages. */
  parts: string;
  /** `partial`: the answer was cut off by an interrupt or a failure. */
  state: 'complete' | 'partial';
  created_at: number;
}

export type InboundState = 'queued' | 'started' | 'joined' | 'dropped';

export interface InboundMessagesTable {
  id: string;
  conversation_id: string;
  user_id: string;
  channel: string;
  /** The platform's own id; unique per channel. */
  external_id: string | null;
  /** JSON: `Part[]`. */
  parts: string;
  state: InboundState;
  reason: string | null;
  turn_id: string | null;
  /** Process that took it in, as `pid:start`; while it lives, the message is its own to run. */
  runner: string;
  received_at: number;
  settled_at: number | null;
}

export type TurnState = 'running' | 'done' | 'failed' | 'interrupted';

export interface TurnsTable {
  id: string;
  conversation_id: string;
  user_id: string;
  model: string;
  state: TurnState;
  stop_reason: string | null;
  /** JSON `{code, message}` of a failed turn. */
  error: string | null;
  /** Process that runs it, as `pid:start`. */
  runner: string;
  started_at: number;
  ended_at: number | null;
}

export type ModelCallState = 'started' | 'done' | 'failed' | 'cancelled' | 'lost';

export interface ModelCallsTable {
  id: string;
  turn_id: string;
  conversation_id: string;
  user_id: string;
  model: string;
  state: ModelCallState;
  stop_reason: string | null;
  input_tokens: number;
  output_tokens: number;
  cached_tokens: number;
  cache_write_tokens: number;
  /** Null while unknown: no price, or no usage came. */
  cost_micro_usd: number | null;
  /** 1: tokens were estimated because the provider's count never came. */
  is_estimated: number;
  error: string | null;
  started_at: number;
  ended_at: number | null;
}

export type ToolCallState = 'pending' | 'started' | 'done';

export interface ToolCallsTable {
  id: string;
  turn_id: string;
  conversation_id: string;
  /** The model response it belongs to (`messages.seq`), and its place in it. */
  message_seq: number;
  position: number;
  call_id: string;
  name: string;
  input: string;
  state: ToolCallState;
  status: string | null;
  output: string | null;
  provenance: string | null;
  ms: number | null;
  started_at: number | null;
  ended_at: number | null;
}

export interface Schema {
  users: UsersTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  inbound_messages: InboundMessagesTable;
  turns: TurnsTable;
  model_calls: ModelCallsTable;
  tool_calls: ToolCallsTable;
}
