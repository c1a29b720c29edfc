/** Owns that files follow what was decided about packages: a decision is one transaction, its file comes after it, and whoever looks next finishes what a crash left open. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../../kernel/file-lock.ts';
import type { InstalledPackage } from '../../store/marketplace-table.ts';
import type { Store } from '../../store/store.ts';
import { placeToolFile } from './place-tool-file.ts';
import { readToolFolder } from './tool-folder.ts';

export interface PackageFiles {
  readonly store: Pick<Store, 'marketplace' | 'tools'>;
  /** The user's tools. */
  readonly folder: string;
  /** Held by whoever decides, from before the transaction until the file is in its place. */
  readonly lock: string;
}

/** Brings the files of packages in line with their rows. Costs one small query when there is nothing to do. */
export async function settlePackages(files: PackageFiles): Promise<void> {
  if ((await files.store.marketplace.unsettled()).length === 0) return;
  await withFileLock(files.lock, () => settleUnderLock(files));
}

/** The same for who holds the lock. */
export async function settleUnderLock({ store, folder }: Omit<PackageFiles, 'lock'>): Promise<void> {
  for (const each of await store.marketplace.unsettled()) {
    if (each.state === 'removing') {
      await removeFiles({ store, folder }, each);
      await store.marketplace.removePackage(each.name);
      continue;
    }
    const version = await store.tools.find(each.version_id);
    if (version !== undefined) {
      placeToolFile(folder, version);
      await removeFiles({ store, folder }, each, version.hash);
    }
    await store.marketplace.setState(each.name, 'installed');
  }
}

/** Every file that holds a version of this package or stands in its place, changed by hand or not, but the one to keep. */
async function removeFiles(
  { store, folder }: Omit<PackageFiles, 'lock'>,
  { name, version_id }: InstalledPackage,
  keep?: string,
): Promise<void> {
  const place = (await store.tools.find(version_id))?.file;
  const files = readToolFolder(folder).files.filter(({ hash }) => hash !== keep);
  for (const { file, hash } of files) {
    const row = await store.tools.byHash(hash);
    const isOfIt = row?.name === name && (keep === undefined || row.origin === 'marketplace');
    if (isOfIt || (row === undefined && file === place)) rmSync(join(folder, file), { force: true });
  }
}
