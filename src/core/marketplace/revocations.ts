/** Owns what was taken back: which packages it covers, and that an installed one is switched off with its reason. */
import type { Clock } from '../kernel/clock.ts';
import type { InstalledPackage, InstalledVersion, PinnedKey, RevocationRow } from '../store/marketplace-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { SHIPPED } from './registry-source.ts';

/** What a revocation is compared with. */
export interface Revocable {
  readonly name: string;
  readonly version: string;
  /** Of the manifest. */
  readonly sha256: string;
  readonly keyId: string;
  /** Who may take it back: see `answerable`. */
  readonly registries: readonly string[];
}

/** Where a package comes from (a location, or `file`), and every registry by way of which its key was agreed to: who was trusted through a registry is no longer when that registry says so, however the package came. */
export function answerable(registry: string, keyId: string, pins: readonly PinnedKey[]): readonly string[] {
  return [registry, ...pins.filter((pin) => pin.key_id === keyId).map((pin) => pin.registry)];
}

/** Why the package was taken back; null when it was not. The registry of claw also speaks on exact contents and keys of others. */
export function revocationOf(rows: readonly RevocationRow[], each: Revocable): string | null {
  const found = rows.find(
    ({ registry, name, version, sha256, key_id }) =>
      (each.registries.includes(registry) || (registry === SHIPPED && (sha256 !== '' || key_id !== ''))) &&
      (name === '' || name === each.name) &&
      (version === '' || version === each.version) &&
      (sha256 === '' || sha256 === each.sha256) &&
      (key_id === '' || key_id === each.keyId),
  );
  return found?.reason ?? null;
}

export interface RevocationDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells the owner of the home, once for each key. */
  readonly tell: (tables: Tables, text: string, key: string, now: number) => Promise<void>;
}

const MARK = 'revoked: ';

/** Switches off every installed version that was taken back. Returns the names of tools that were in use. */
export async function applyRevocations(deps: RevocationDeps): Promise<string[]> {
  const rows = await deps.store.marketplace.revocations();
  if (rows.length === 0) return [];
  const stopped: string[] = [];
  for (const each of await deps.store.marketplace.packages()) {
    const pins = await deps.store.marketplace.keys(each.name);
    for (const version of await deps.store.marketplace.versions(each.name)) {
      const reason = revocationOf(rows, revocable(version, each.registry, pins));
      if (reason !== null && (await switchOff(deps, each, version, reason))) stopped.push(each.name);
    }
  }
  return stopped;
}

/** True when it was in use. */
async function switchOff(
  { store, clock, tell }: RevocationDeps,
  installed: InstalledPackage,
  version: InstalledVersion,
  why: string,
): Promise<boolean> {
  const row = await store.tools.find(version.version_id);
  const reason = `${MARK}${why}`;
  if (row === undefined || (row.reason === reason && row.is_approved === 0)) return false;
  const wasActive = row.state === 'active';
  const state = wasActive || row.state === 'pending' ? 'disabled' : row.state;
  const at = clock.now();
  const { name } = installed;
  await store.transaction(async (tables) => {
    await tables.tools.updateVersion(row.id, { state, is_approved: 0, reason });
    const detail = { version: version.version, key_id: version.key_id, reason: why };
    await tables.audit.append({ at, by: {}, action: 'package.revoke', target: name, detail });
    if (!wasActive) return;
    const text = `The tool ${name} ${version.version} was taken back by its registry (${why}) and is switched off. To remove it: claw tool uninstall ${name}`;
    await tell(tables, text, `revoked:${name}:${version.manifest_hash}`, at);
  });
  return wasActive;
}

function revocable(
  { name, version, manifest_hash: sha256, key_id: keyId }: InstalledVersion,
  registry: string,
  pins: readonly PinnedKey[],
): Revocable {
  return { name, version, sha256, keyId, registries: answerable(registry, keyId, pins) };
}
