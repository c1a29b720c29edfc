/** Owns the row types of what came from marketplaces: registries that were seen, keys that were taken on, packages, and what was revoked. Instants are milliseconds UTC. */

/** A registry and the key it was first signed with: another key is refused until an admin forgets this one. */
export interface MarketplaceRegistriesTable {
  /** As in the settings. */
  location: string;
  key_id: string;
  public_key: string;
  /** The highest that was seen; an older list is refused. */
  sequence: number;
  seen_at: number;
}

/** The publisher whose packages of this name are taken from this registry. */
export interface MarketplaceKeysTable {
  /** A location, or `file` for a package that was handed over as a file. */
  registry: string;
  name: string;
  key_id: string;
  public_key: string;
  pinned_at: number;
  /** The user who agreed to it. */
  pinned_by: string | null;
}

/** A package that is installed. `placing` and `removing`: the decision stands, and its file is still to follow it. */
export interface MarketplacePackagesTable {
  name: string;
  state: 'placing' | 'installed' | 'removing';
  /** Row of `tool_versions`. */
  version_id: string;
  version: string;
  registry: string;
  /** Key of the registry it came from; null for one that came as a file. */
  registry_key_id: string | null;
  /** Key of its publisher. */
  key_id: string;
  installed_at: number;
  installed_by: string | null;
}

/** Every version of a package that was ever installed, with its proof. The highest one is the floor. */
export interface MarketplaceVersionsTable {
  name: string;
  key_id: string;
  version: string;
  version_id: string;
  /** SHA-256 of the source, and of the manifest. */
  hash: string;
  manifest_hash: string;
  /** The exact text that was signed, and the signature as JSON. */
  manifest: string;
  signature: string;
  installed_at: number;
}

/** What a registry took back. It stays although the registry may forget it. */
export interface MarketplaceRevocationsTable {
  registry: string;
  /** This and the next three: empty when it is not limited to one. */
  name: string;
  version: string;
  sha256: string;
  key_id: string;
  reason: string;
  at: string;
  seen_at: number;
}

export interface MarketplaceSchema {
  marketplace_registries: MarketplaceRegistriesTable;
  marketplace_keys: MarketplaceKeysTable;
  marketplace_packages: MarketplacePackagesTable;
  marketplace_versions: MarketplaceVersionsTable;
  marketplace_revocations: MarketplaceRevocationsTable;
}
