/** Owns the one interface every query is typed by: a row type per table. Instants are milliseconds UTC, money is micro-USD, JSON columns are text. */
import type { Generated } from 'kysely';
import type { AccountsSchema } from './accounts-schema.ts';
import type { AuditSchema } from './audit-schema.ts';
import type { CompactionsSchema } from './compactions-schema.ts';
import type { LearningSchema } from './learning-schema.ts';
import type { MarketplaceSchema } from './marketplace-schema.ts';
import type { MemorySchema } from './memory-schema.ts';
import type { ChainSchema } from './chain-schema.ts';
import type { AccessSchema } from './access-schema.ts';
import type { TasksSchema } from './tasks-schema.ts';
import type { KnowledgeSchema } from './knowledge-schema.ts';
import type { SpendingSchema } from './spending-schema.ts';
import type { ImportSchema } from './import-schema.ts';
import type { DelegationsSchema } from './delegations-schema.ts';
import type { RoutesSchema } from './routes-schema.ts';
import type { RoomsSchema } from './rooms-schema.ts';
import type { WebhooksSchema } from './webhooks-schema.ts';
import type { RetentionSchema } from './retention-schema.ts';
import type { SearchSchema } from './search-schema.ts';

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

/** `received`: stored, not yet looked at. `context`: waits to ride along with the next message that starts a turn. `handled`: answered without a turn. */
export type InboundState =
  | 'received'
  | 'ignored'
  | 'context'
  | 'handled'
  | 'queued'
  | 'started'
  | 'joined'
  | 'dropped'
  | 'failed';

export interface InboundMessagesTable {
  /** The order in which they were stored. */
  seq: Generated<number>;
  id: string;
  /** Null until it is known whose it is, and for good when it is nobody's. */
  conversation_id: string | null;
  user_id: string | null;
  /** `terminal`, or a chat platform. */
  channel: string;
  /** The place on the platform; null for the terminal. */
  chat_id: string | null;
  /** The platform's own id; unique per channel and chat. */
  external_id: string | null;
  sender_id: string | null;
  /** JSON: the message as the platform's adapter handed it in. */
  payload: string | null;
  /** JSON: `Part[]`. */
  parts: string;
  state: InboundState;
  reason: string | null;
  turn_id: string | null;
  /** Process that took it in, as `pid:start`; while it lives, the message is its own to run. */
  runner: string;
  /** By the sender's clock. */
  sent_at: number;
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
  /** 1 for the first try. */
  attempts: Generated<number>;
  /** When a failed turn is tried again; null when it is not. */
  retry_at: Generated<number | null>;
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
  task_id: Generated<string | null>;
  /** Names of the tools whose results it reads, with spaces between them. */
  tools: Generated<string>;
  /** What it counts as against budgets: what it may need while it runs, then what it used; an unknown price counts at the ceiling. */
  charged_micro_usd: Generated<number>;
  charged_tokens: Generated<number>;
  /** 0: its model calls nobody, and no budget counts it. */
  is_metered: Generated<number>;
  /** JSON: `{model, failure}[]`, the tries before this one that nobody billed; null for none. */
  tries: Generated<string | null>;
  /** Folder of the room that asked, noted when the message that tells it is taken away. */
  room: Generated<string | null>;
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

export type ToolState = 'draft' | 'pending' | 'active' | 'disabled' | 'rejected' | 'superseded' | 'quarantined';

export interface ToolVersionsTable {
  id: string;
  name: string;
  /** 1, 2, 3 … within the name. */
  version: number;
  /** SHA-256 of the source, hexadecimal. */
  hash: string;
  /** Base name of its file in the tools folder. */
  file: string;
  origin: 'user' | 'ai' | 'marketplace';
  state: ToolState;
  /** Why it is in this state, for people. */
  reason: string | null;
  source: string;
  /** The source without types: what runs. */
  code: string;
  /** JSON: how it described itself in the wall; `{}` when it never did. */
  description: string;
  /** JSON: what it wants, and once approved, what it has. */
  permissions: string;
  /** JSON: the static findings. */
  findings: string;
  /** JSON: the trial runs of its examples. */
  trials: string;
  /** 1: wants nothing, or a person agreed to what it wants. */
  is_approved: number;
  approval_id: string | null;
  /** Failed calls in a row. */
  failures: number;
  created_by: string | null;
  created_at: number;
  decided_by: string | null;
  decided_at: number | null;
}

export type ApprovalKind = 'exec' | 'tool';
export type ApprovalScope = 'once' | 'conversation' | 'pattern' | 'always';

export interface ApprovalsTable {
  id: string;
  kind: ApprovalKind;
  /** The act as claw parsed it, in one line. */
  act: string;
  /** SHA-256 over everything that makes the act what it is. */
  act_hash: string;
  /** What a grant of scope `pattern` covers. */
  pattern: string;
  reason: string;
  /** All of it, for whoever decides: argv, source, permissions, difference. */
  detail: string;
  state: 'pending' | 'approved' | 'denied' | 'used' | 'cancelled';
  user_id: string;
  conversation_id: string | null;
  call_id: string | null;
  created_at: number;
  /** No answer until then is a no; an approval that nobody used by then lapses too. */
  expires_at: number;
  decided_by: string | null;
  decided_at: number | null;
  scope: ApprovalScope | null;
  used_at: number | null;
}

export interface ApprovalGrantsTable {
  id: string;
  approval_id: string;
  kind: ApprovalKind;
  act: string;
  scope: Exclude<ApprovalScope, 'once'>;
  act_hash: string | null;
  pattern: string | null;
  user_id: string;
  conversation_id: string | null;
  expires_at: number | null;
  created_by: string;
  created_at: number;
  revoked_by: string | null;
  revoked_at: number | null;
}

export type OutboxKind = 'answer' | 'draft' | 'notice' | 'approval' | 'reply' | 'sent';
export type OutboxState = 'pending' | 'sending' | 'delivered' | 'failed' | 'uncertain' | 'cancelled';

export interface OutboxMessagesTable {
  /** The order in which they are sent, per chat. */
  seq: Generated<number>;
  /** Also the nonce of every try to send it. */
  id: string;
  channel: string;
  chat_id: string;
  thread: string | null;
  conversation_id: string | null;
  turn_id: string | null;
  kind: OutboxKind;
  /** Part 1, 2 … of a text that was too long for one message, and how many there are. */
  part: number;
  parts: number;
  text: string;
  /** JSON: `MessageButton[]`. */
  buttons: string | null;
  /** JSON: `{name, mediaType, path}`. */
  file: string | null;
  /** The platform's id of the message it answers. */
  reply_to: string | null;
  /** Id of the row whose message it replaces. */
  edits: string | null;
  state: OutboxState;
  /** Why it is in this state, or what the last try came to. */
  reason: string | null;
  attempts: number;
  /** 1: an earlier try may have arrived, and the platform could not tell. */
  is_repeat: number;
  /** The platform's id of the message. */
  external_id: string | null;
  /** Process that sends it, as `pid:start`. */
  runner: string | null;
  next_attempt_at: number;
  created_at: number;
  settled_at: number | null;
}

export interface DeliveryAttemptsTable {
  outbox_id: string;
  /** 1, 2, 3 … */
  attempt: number;
  /** `sending`, `delivered`, `not-sent`, `unknown` or `rejected`. */
  outcome: string;
  detail: string | null;
  started_at: number;
  ended_at: number | null;
}

export interface Schema
  extends
    AccountsSchema,
    RoomsSchema,
    AuditSchema,
    MemorySchema,
    LearningSchema,
    AccessSchema,
    SearchSchema,
    KnowledgeSchema,
    CompactionsSchema,
    WebhooksSchema,
    TasksSchema,
    SpendingSchema,
    ChainSchema,
    RoutesSchema,
    DelegationsSchema,
    MarketplaceSchema,
    ImportSchema,
    RetentionSchema {
  users: UsersTable;
  conversations: ConversationsTable;
  messages: MessagesTable;
  inbound_messages: InboundMessagesTable;
  turns: TurnsTable;
  outbox_messages: OutboxMessagesTable;
  delivery_attempts: DeliveryAttemptsTable;
  model_calls: ModelCallsTable;
  tool_calls: ToolCallsTable;
  tool_versions: ToolVersionsTable;
  approvals: ApprovalsTable;
  approval_grants: ApprovalGrantsTable;
}
