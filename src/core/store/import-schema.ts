/** Owns the row types of what was taken over from another assistant. Instants are milliseconds UTC. */

export interface ImportedItemsTable {
  /** `flux`, `nanoclaw` … */
  source: string;
  kind: string;
  /** What names it there, for good. */
  source_id: string;
  /** What became of it here: an id, a name or a path. */
  target_id: string;
  /** SHA-256 of it as it was taken over, hexadecimal. */
  hash: string;
  at: number;
}

export interface ImportSchema {
  imported_items: ImportedItemsTable;
}
