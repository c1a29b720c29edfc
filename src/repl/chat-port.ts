/** Owns what the REPL, plain mode and print mode need of claw: one small interface, filled from the app by open-port.ts and by a fake in tests. Everything in it belongs to one user. */
import type { TurnEvent } from '../core/kernel/events.ts';
import type { ApprovalAnswer, PendingApproval } from './approval-choices.ts';
import type { ImagePart, Part, Role } from '../core/kernel/messages.ts';
import type { Phrase } from '../core/kernel/language/phrase.ts';

export interface AttachedFile {
  readonly name: string;
  readonly text: string;
}

export interface OutgoingMessage {
  readonly text: string;
  readonly conversationId?: string;
  readonly images?: readonly ImagePart[];
  readonly files?: readonly AttachedFile[];
  /** `provider/model`; absent: the configured one. */
  readonly model?: string;
  readonly tools?: boolean;
  readonly maxCostUsd?: number;
  /** Somebody watches and can answer a request for approval. */
  readonly canAsk?: boolean;
  readonly signal: AbortSignal;
}

export interface ConversationSummary {
  readonly id: string;
  readonly title: string;
  /** Milliseconds UTC. */
  readonly updatedAt: number;
}

export interface StoredMessage {
  readonly role: Role;
  readonly parts: readonly Part[];
}

/** What a model call cost; tokens as the provider counted them. */
export interface CallCost {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** Null when the price is unknown. */
  readonly costUsd: number | null;
}

export interface Conversations {
  /** Newest first. */
  list(limit: number): Promise<readonly ConversationSummary[]>;
  /** By id or its beginning; throws `not-found`. */
  find(id: string): Promise<ConversationSummary>;
  messages(id: string): Promise<readonly StoredMessage[]>;
  /** Every model call, in order. */
  calls(id: string): Promise<readonly CallCost[]>;
  lastCall(id: string): Promise<CallCost | undefined>;
  branch(id: string): Promise<ConversationSummary>;
  /** A branch without the last turn; throws `not-found` when there is none. */
  undo(id: string): Promise<ConversationSummary>;
  /** Gives all but its end to the model in short; the number of the last message given so, undefined when there is nothing to shorten. */
  compact(id: string): Promise<number | undefined>;
  /** Takes the last compaction back; throws `not-found` when there is none. */
  undoCompaction(id: string): Promise<void>;
  /** The conversation as Markdown, or the whole story as JSON. */
  export(id: string, format: 'markdown' | 'json'): Promise<string>;
}

export interface ModelChoice {
  /** `provider/model`. */
  readonly ref: string;
  /** What is missing for it, and how to add it, in one line; undefined when nothing is. */
  readonly missing: Phrase | string | undefined;
  /** Tokens it takes in all; null when unknown. */
  readonly contextTokens: number | null;
}

export interface Models {
  /** The model of a message that names none. */
  current(): Promise<ModelChoice>;
  list(): Promise<readonly ModelChoice[]>;
  /** Throws with the next step when `ref` is unknown or cannot be used. */
  choose(ref: string): Promise<ModelChoice>;
}

export interface Approvals {
  /** Every request that can be answered now. */
  pending(): Promise<readonly PendingApproval[]>;
  /** All there is to know about the act, such as the source of a tool. */
  detail(approvalId: string): Promise<string>;
  /** Throws `conflict` when it was answered elsewhere, `permission-denied` when this user may not. */
  decide(approvalId: string, answer: ApprovalAnswer): Promise<void>;
}

/** What a look into memory, documents or schedules finds: a name and what is said of it. */
export interface Finding {
  readonly name: string;
  readonly text: string;
}

export interface Lookups {
  /** The best matches; everything when `query` is empty. */
  memories(query: string): Promise<readonly Finding[]>;
  /** The best passages; the documents when `query` is empty. */
  knowledge(query: string): Promise<readonly Finding[]>;
  /** Tasks that are not over. */
  tasks(): Promise<readonly Finding[]>;
}

export interface ChatPort {
  /** Throws `ClawError` before the first event only. */
  send(message: OutgoingMessage): AsyncIterable<TurnEvent>;
  /** Gives `text` to the running turn; false when none runs. */
  steer(conversationId: string, text: string): Promise<boolean>;
  readonly conversations: Conversations;
  readonly models: Models;
  readonly approvals: Approvals;
  readonly lookups: Lookups;
  /** A conversation has ended: what was said in it is looked at for things to remember, and so is what an earlier process left. Without an id only that. Waits at most `ms` milliseconds; what is not done then is done later. */
  learn(conversationId: string | undefined, ms: number): Promise<void>;
  /** What limits this user, in sentences. */
  budgets(): Promise<readonly Phrase[]>;
  tools(): Promise<readonly { readonly name: string; readonly description: string }[]>;
}
