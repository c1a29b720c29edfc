/** Owns the row types of what proves who somebody is: keys, passwords, token families, sessions and devices. Secrets stand here as hashes only. Instants are milliseconds UTC. */

export interface ApiKeysTable {
  id: string;
  user_id: string;
  name: string;
  /** First 13 characters of the key, to tell keys apart. */
  prefix: string;
  /** SHA-256 of the key, hexadecimal. */
  hash: string;
  /** JSON: actions it is good for; null: all its user may do. */
  scopes: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  last_used_at: number | null;
}

export interface PasswordsTable {
  user_id: string;
  /** PHC string of argon2id. */
  hash: string;
  changed_at: number;
}

/** One sign-in with tokens: the refresh tokens that follow from one another. */
export interface TokenFamiliesTable {
  id: string;
  user_id: string;
  from_address: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
  /** `logout`, `reuse`, `revoked`, `password`. */
  revoked_reason: string | null;
}

export interface RefreshTokensTable {
  /** SHA-256 of the token, hexadecimal. */
  hash: string;
  family_id: string;
  created_at: number;
  used_at: number | null;
}

export interface SessionsTable {
  id: string;
  user_id: string;
  device_id: string | null;
  /** SHA-256 of the cookie's value, hexadecimal. */
  hash: string;
  from_address: string;
  agent: string;
  created_at: number;
  last_seen_at: number;
  expires_at: number;
  revoked_at: number | null;
}

export type DeviceState = 'pending' | 'approved' | 'denied' | 'revoked';

export interface DevicesTable {
  id: string;
  /** Whose device it is; null until somebody approves it. */
  user_id: string | null;
  name: string;
  /** SHA-256 of what the browser holds. */
  secret_hash: string;
  code_hash: string;
  state: DeviceState;
  from_address: string;
  created_at: number;
  /** Until then it can be approved, and the session fetched. */
  expires_at: number;
  decided_by: string | null;
  decided_at: number | null;
  /** When its browser fetched its session; only once. */
  claimed_at: number | null;
  /** SHA-256 of the cookie by which the browser is known again; one for every user of the browser. */
  cookie_hash: string | null;
  /** Who proved in it who they are, before it was let in. */
  asked_by: string | null;
  /** When somebody signed in there last. */
  last_seen_at: number | null;
}

/** `set-up`: makes the first way in, while nobody has one. `sign-in`: opens a session of its user. */
export interface SignInLinksTable {
  id: string;
  kind: 'set-up' | 'sign-in';
  /** SHA-256 of what the link holds. */
  hash: string;
  /** Whom it signs in; null for a set-up. */
  user_id: string | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  /** When a later one took its place. */
  ended_at: number | null;
}

export interface AccessSchema {
  api_keys: ApiKeysTable;
  passwords: PasswordsTable;
  token_families: TokenFamiliesTable;
  refresh_tokens: RefreshTokensTable;
  sessions: SessionsTable;
  devices: DevicesTable;
  sign_in_links: SignInLinksTable;
}
