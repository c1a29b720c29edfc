/** Owns the row types of webhooks and of what is sent to them. Instants are milliseconds UTC. */

export interface WebhooksTable {
  id: string;
  owner_id: string;
  url: string;
  /** JSON: names of events. */
  events: string;
  state: 'active' | 'disabled';
  /** Why it is in this state. */
  reason: string | null;
  /** Failed deliveries in a row. */
  failures: number;
  created_at: number;
  updated_at: number;
}

export interface WebhookDeliveriesTable {
  /** Also sent along: the receiver knows a repeat by it. */
  id: string;
  webhook_id: string;
  event: string;
  /** The exact bytes that are signed and sent. */
  body: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  next_attempt_at: number;
  /** HTTP status of the last answer. */
  status: number | null;
  /** The first 4,096 bytes of the last answer. */
  response: string | null;
  error: string | null;
  created_at: number;
  settled_at: number | null;
}

export interface WebhooksSchema {
  webhooks: WebhooksTable;
  webhook_deliveries: WebhookDeliveriesTable;
}
