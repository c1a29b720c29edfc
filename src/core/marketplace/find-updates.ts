/** Owns which installed packages have something newer where they came from. */
import type { InstalledPackage } from '../store/marketplace-table.ts';
import { type IsRevoked, type Listed, newestOf } from './find-package.ts';
import { HANDED_OVER } from './open-package.ts';
import type { LoadedRegistry } from './registries.ts';
import { compareVersions } from './version.ts';

export type Offer =
  | { readonly kind: 'newer'; readonly installed: InstalledPackage; readonly listed: Listed }
  /** Nothing to do, or nothing that can be done: `reason` says which. */
  | { readonly kind: 'current' | 'unavailable'; readonly installed: InstalledPackage; readonly reason: string };

/** What the registries offer for what is installed. A package is looked for only where it came from. */
export function findUpdate(
  registries: readonly LoadedRegistry[],
  installed: InstalledPackage,
  isRevoked: IsRevoked,
): Offer {
  const { name, version, registry } = installed;
  const none = (reason: string): Offer => ({ kind: 'unavailable', installed, reason });
  if (registry === HANDED_OVER) return none('it was installed from a file; install a newer file');
  const from = registries.find((each) => each.location === registry || each.keyId === installed.registry_key_id);
  if (from === undefined) return none(`its registry ${registry} cannot be read or is not configured`);
  const listed = newestOf([from], isRevoked).find(({ entry }) => entry.name === name);
  if (listed === undefined) return none(`${from.location} no longer has it`);
  if (compareVersions(listed.entry.version, version) <= 0) {
    if (listed.revoked !== null) return none(`it was revoked, and ${from.location} has nothing newer`);
    return { kind: 'current', installed, reason: `${version} is the newest` };
  }
  return listed.revoked === null
    ? { kind: 'newer', installed, listed }
    : none(`${listed.entry.version} was revoked: ${listed.revoked}`);
}
