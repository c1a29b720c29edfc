/** Owns the row types of the audit trail and of the head that seals it. Instants are milliseconds UTC. */

export type AuditOutcome = 'ok' | 'denied' | 'failed';

export interface AuditEventsTable {
  /** 1, 2, 3 … without gaps. */
  seq: number;
  at: number;
  /** Null: nobody who is known here, or claw itself. */
  user_id: string | null;
  /** The name at that time: it outlives the user. */
  username: string;
  /** How they proved who they are: `terminal`, `api-key`, `channel` … */
  via: string;
  /** Where they spoke from: `terminal`, an address, `telegram:42`. */
  origin: string;
  /** `noun.verb` */
  action: string;
  target: string | null;
  outcome: AuditOutcome;
  /** JSON object, masked. */
  detail: string;
  /** HMAC-SHA256 over all of the above and the code of the row before, hexadecimal. */
  mac: string;
}

/** One row: where the chain begins and ends. */
export interface AuditHeadTable {
  id: 1;
  /** The last row, and its code. */
  seq: number;
  mac: string;
  /** The last row that retention has cut off, and its code. */
  cut_seq: number;
  cut_mac: string;
  /** HMAC-SHA256 over the four above, hexadecimal; empty before the first row. */
  seal: string;
}

export interface AuditSchema {
  audit_events: AuditEventsTable;
  audit_head: AuditHeadTable;
}
