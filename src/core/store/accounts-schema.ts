/** Owns the row types of accounts of other services: what is known of their tokens, never a token. Instants are milliseconds UTC. */

export interface AccountsTable {
  /** `claude`, `copilot`, `threads`, `instagram`. */
  name: string;
  /** `needs-login`: the service no longer takes the refresh token. `revoked`: it took back a token before its end. */
  state: 'signed-in' | 'needs-login' | 'revoked';
  /** Where the tokens stand besides the secret store: a path; null: nowhere. */
  mirror: string | null;
  /** End of the access token; null: it has none that is known. */
  expires_at: number | null;
  /** The next refresh, waiting after failures included; null: there will be none. */
  refresh_at: number | null;
  refreshed_at: number | null;
  /** Failed refreshes in a row, and what the last one was told as. */
  failures: number;
  error: string | null;
  /** Until then the service takes no more calls, as it said. */
  limited_until: number | null;
  /** When somebody agreed to the risk of using it; null: nobody has. */
  consent_at: number | null;
  /** Tells one log-in from the next. */
  signed_in_at: number;
  /** Counts every change of the tokens. */
  version: number;
}

/** When a key that costs money was taken in place of an account: calls that ran then are counted against its limit. */
export interface KeyUsesTable {
  /** Name of the secret. */
  key: string;
  at: number;
}

export interface AccountsSchema {
  accounts: AccountsTable;
  key_uses: KeyUsesTable;
}
