/** Owns the queries on what came from marketplaces. Packages belong to the home, not to a user. */
import type { Insertable, Kysely, Selectable } from 'kysely';
import type {
  MarketplaceKeysTable,
  MarketplacePackagesTable,
  MarketplaceRegistriesTable,
  MarketplaceRevocationsTable,
  MarketplaceVersionsTable,
} from './marketplace-schema.ts';
import type { Schema } from './schema.ts';

export type SeenRegistry = Selectable<MarketplaceRegistriesTable>;
export type PinnedKey = Selectable<MarketplaceKeysTable>;
export type InstalledPackage = Selectable<MarketplacePackagesTable>;
export type InstalledVersion = Selectable<MarketplaceVersionsTable>;
export type RevocationRow = Selectable<MarketplaceRevocationsTable>;
export type MarketplaceQueries = ReturnType<typeof marketplaceTable>;

export function marketplaceTable(db: Kysely<Schema>) {
  return { ...packageQueries(db), ...versionQueries(db), ...registryQueries(db) };
}

function packageQueries(db: Kysely<Schema>) {
  return {
    find(name: string): Promise<InstalledPackage | undefined> {
      return db.selectFrom('marketplace_packages').selectAll().where('name', '=', name).executeTakeFirst();
    },
    /** By name. */
    packages(): Promise<InstalledPackage[]> {
      return db.selectFrom('marketplace_packages').selectAll().orderBy('name').execute();
    },
    /** Those whose file has yet to follow what was decided. */
    unsettled(): Promise<InstalledPackage[]> {
      return db.selectFrom('marketplace_packages').selectAll().where('state', '!=', 'installed').execute();
    },
    /** Puts the row in the place of any other of its name. */
    async putPackage(row: InstalledPackage): Promise<void> {
      await db.deleteFrom('marketplace_packages').where('name', '=', row.name).execute();
      await db.insertInto('marketplace_packages').values(row).execute();
    },
    async setState(name: string, state: InstalledPackage['state']): Promise<void> {
      await db.updateTable('marketplace_packages').set({ state }).where('name', '=', name).execute();
    },
    async removePackage(name: string): Promise<void> {
      await db.deleteFrom('marketplace_packages').where('name', '=', name).execute();
    },
    /** When the tool of that name became another version of its package, the package is that version. */
    async follow(name: string, versionId: string): Promise<void> {
      const known = await db
        .selectFrom('marketplace_versions')
        .select(['version', 'key_id'])
        .where('name', '=', name)
        .where('version_id', '=', versionId)
        .orderBy('installed_at', 'desc')
        .executeTakeFirst();
      if (known === undefined) return;
      await db
        .updateTable('marketplace_packages')
        .set({ ...known, version_id: versionId })
        .where('name', '=', name)
        .where('version_id', '!=', versionId)
        .execute();
    },
  };
}

function versionQueries(db: Kysely<Schema>) {
  return {
    /** Every version of a name that was ever installed. */
    versions(name: string): Promise<InstalledVersion[]> {
      return db.selectFrom('marketplace_versions').selectAll().where('name', '=', name).execute();
    },
    async putVersion(row: InstalledVersion): Promise<void> {
      const { name: _name, key_id: _key, version: _version, ...rest } = row;
      await db
        .insertInto('marketplace_versions')
        .values(row)
        .onConflict((conflict) => conflict.columns(['name', 'key_id', 'version']).doUpdateSet(rest))
        .execute();
    },
    /** The publishers that were agreed to for that name. */
    keys(name: string): Promise<PinnedKey[]> {
      return db.selectFrom('marketplace_keys').selectAll().where('name', '=', name).execute();
    },
    async pinKey(row: PinnedKey): Promise<void> {
      const { registry: _registry, name: _name, ...rest } = row;
      await db
        .insertInto('marketplace_keys')
        .values(row)
        .onConflict((conflict) => conflict.columns(['registry', 'name']).doUpdateSet(rest))
        .execute();
    },
  };
}

function registryQueries(db: Kysely<Schema>) {
  return {
    /** By location. */
    registries(): Promise<SeenRegistry[]> {
      return db.selectFrom('marketplace_registries').selectAll().orderBy('location').execute();
    },
    async seeRegistry(row: SeenRegistry): Promise<void> {
      const { location: _location, ...rest } = row;
      await db
        .insertInto('marketplace_registries')
        .values(row)
        .onConflict((conflict) => conflict.column('location').doUpdateSet(rest))
        .execute();
    },
    async forgetRegistry(location: string): Promise<boolean> {
      const query = db.deleteFrom('marketplace_registries').where('location', '=', location);
      return (await query.executeTakeFirst()).numDeletedRows > 0n;
    },
    revocations(): Promise<RevocationRow[]> {
      return db.selectFrom('marketplace_revocations').selectAll().execute();
    },
    async addRevocations(rows: readonly Insertable<MarketplaceRevocationsTable>[]): Promise<void> {
      if (rows.length === 0) return;
      await db
        .insertInto('marketplace_revocations')
        .values([...rows])
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
