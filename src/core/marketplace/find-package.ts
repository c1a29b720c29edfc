/** Owns how a name becomes one package of one registry. Promises: a name that two registries have is never guessed. Pure. */
import { ClawError } from '../kernel/errors.ts';
import { nearestName } from '../kernel/nearest-name.ts';
import type { LoadedRegistry } from './registries.ts';
import type { RegistryEntry } from './registry-format.ts';
import { SHIPPED } from './registry-source.ts';
import { compareVersions } from './version.ts';

export interface Listed {
  readonly entry: RegistryEntry;
  readonly from: LoadedRegistry;
  /** Why it was taken back; null when it was not. */
  readonly revoked: string | null;
}

/** What says whether a package was taken back. */
export type IsRevoked = (entry: RegistryEntry, from: LoadedRegistry) => string | null;

/** The newest good version of each package of each registry, by name; a package of which nothing good is left shows its newest. */
export function newestOf(registries: readonly LoadedRegistry[], isRevoked: IsRevoked): Listed[] {
  const found = registries.flatMap((from) => {
    const byName = Map.groupBy(from.registry.packages, ({ name }) => name);
    return [...byName.values()].flatMap((entries) => newest(listed(entries, from, isRevoked)) ?? []);
  });
  return found.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : Number(a.entry.name !== b.entry.name)));
}

export interface Wanted {
  readonly name: string;
  readonly version: string | undefined;
  /** A location of the settings, or the name a registry gives itself. */
  readonly registry: string | undefined;
}

/** Throws `not-found` with what there is instead, `conflict` when several registries have it. */
export function findPackage(registries: readonly LoadedRegistry[], wanted: Wanted, isRevoked: IsRevoked): Listed {
  const { name, version } = wanted;
  const asked = registriesNamed(registries, wanted.registry);
  if (wanted.registry !== undefined && asked.length === 0) {
    const known = registries.map(({ location }) => location).join(', ');
    throw new ClawError('not-found', `There is no registry ${wanted.registry} that can be read.`, {
      hint: known === '' ? 'claw tool registries' : `There are: ${known}`,
    });
  }
  const having = asked.filter((each) => each.registry.packages.some((entry) => entry.name === name));
  const [from, another] = having;
  if (from === undefined) throw unknown(asked, name);
  if (another !== undefined) {
    const places = having.map(({ location }) => location).join(', ');
    throw new ClawError('conflict', `Several registries have ${name}: ${places}.`, {
      hint: `Say which: --registry ${from.location}`,
    });
  }
  const versions = versionsIn(from, name, isRevoked);
  const found = version === undefined ? newest(versions) : versions.find(({ entry }) => entry.version === version);
  if (found !== undefined) return found;
  const have = versions.map(({ entry }) => entry.version).join(', ');
  throw new ClawError('not-found', `${from.location} has no version ${version ?? ''} of ${name}.`, {
    hint: `It has: ${have}`,
  });
}

/** By location; the name that a registry gives itself counts only where no location is meant. */
function registriesNamed(registries: readonly LoadedRegistry[], asked: string | undefined): readonly LoadedRegistry[] {
  if (asked === undefined) return registries;
  const there = registries.filter(({ location }) => location === asked);
  return there.length > 0 || asked === SHIPPED ? there : registries.filter(({ registry }) => registry.name === asked);
}

function versionsIn(from: LoadedRegistry, name: string, isRevoked: IsRevoked): Listed[] {
  const entries = from.registry.packages.filter((entry) => entry.name === name);
  return listed(entries, from, isRevoked);
}

function listed(entries: readonly RegistryEntry[], from: LoadedRegistry, isRevoked: IsRevoked): Listed[] {
  return entries.map((entry) => ({ entry, from, revoked: isRevoked(entry, from) }));
}

/** What is finished and good before what is not. */
function newest(versions: readonly Listed[]): Listed | undefined {
  const isFinished = ({ entry }: Listed): boolean => !entry.version.includes('-');
  const rank = (each: Listed): number => 2 * Number(each.revoked === null) + Number(isFinished(each));
  return versions.toSorted((a, b) => rank(b) - rank(a) || compareVersions(b.entry.version, a.entry.version))[0];
}

function unknown(registries: readonly LoadedRegistry[], name: string): ClawError {
  const names = registries.flatMap(({ registry }) => registry.packages.map((entry) => entry.name));
  const near = nearestName(name, names);
  return new ClawError('not-found', `No registry has a package named ${JSON.stringify(name)}.`, {
    hint: near === undefined ? 'claw tool search' : `Did you mean ${near}? claw tool search`,
  });
}
