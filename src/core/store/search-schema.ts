/** Owns the row types of tags and of messages that wait to be indexed. Instants are milliseconds UTC. */

export interface ConversationTagsTable {
  conversation_id: string;
  /** Trimmed, lower case. */
  tag: string;
  created_at: number;
}

export interface MessagesToIndexTable {
  message_id: number;
}

export interface SearchSchema {
  conversation_tags: ConversationTagsTable;
  messages_to_index: MessagesToIndexTable;
}

/** A message that waits to be indexed. */
export interface UnindexedRow {
  id: number;
  owner_id: string;
  role: 'user' | 'assistant' | 'tool';
  parts: string;
}

/** What a search is limited to. Instants are milliseconds UTC. */
export interface MessageFilter {
  readonly from?: number | undefined;
  /** Before this instant. */
  readonly to?: number | undefined;
  /** Where the conversation was begun. */
  readonly origin?: string | undefined;
  readonly tag?: string | undefined;
  readonly role?: 'user' | 'assistant' | undefined;
  /** Messages 1 to `upToSeq` of one conversation. */
  readonly within?: { readonly conversationId: string; readonly upToSeq: number } | undefined;
}

/** A message that was found. */
export interface MessageHitRow {
  conversation_id: string;
  title: string;
  origin: string;
  turn_id: string;
  seq: number;
  role: 'user' | 'assistant' | 'tool';
  parts: string;
  created_at: number;
  /** Higher is better. */
  score: number;
}
