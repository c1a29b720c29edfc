/** Owns the registries that are configured: read, checked, and remembered by key and sequence. Promises: one that is missing, damaged, unsigned, signed by another key or older than before is a remark and has nothing; the others go on. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import type { SeenRegistry } from '../store/marketplace-table.ts';
import type { Store } from '../store/store.ts';
import { readRegistry, type Registry, type VerifiedRegistry } from './registry-format.ts';
import { type RegistryBytes, type RegistrySource, SHIPPED } from './registry-source.ts';

export interface LoadedRegistry extends VerifiedRegistry {
  readonly location: string;
  readonly source: RegistrySource;
  /** Said of it: that it is a copy, and how old. */
  readonly remark: string | null;
}

export interface Registries {
  /** In the order of the settings. */
  readonly loaded: readonly LoadedRegistry[];
  /** What is wrong with others, and what is worth knowing of these. */
  readonly remarks: readonly string[];
}

export interface RegistryDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** In the order of the settings. */
  readonly sources: readonly RegistrySource[];
  /** The public key (base64) of who publishes the registry that ships with claw. */
  readonly publisher: () => Promise<string>;
}

/** From this age on a list from the web is told to be old, in milliseconds: 90 days. */
const OLD_MS = 90 * 86_400_000;

/** Reads all of them. Writes down the newest sequence and what was revoked. */
export async function loadRegistries(deps: RegistryDeps, signal?: AbortSignal): Promise<Registries> {
  const results = await Promise.all(deps.sources.map((source) => load(deps, source, signal)));
  signal?.throwIfAborted();
  const loaded = results.filter((each) => typeof each !== 'string');
  const remarks = results
    .map((each) => (typeof each === 'string' ? each : each.remark))
    .filter((each) => each !== null);
  return { loaded, remarks };
}

async function load(
  deps: RegistryDeps,
  source: RegistrySource,
  signal?: AbortSignal,
): Promise<LoadedRegistry | string> {
  const { location } = source;
  try {
    const bytes = await source.read(signal);
    const verified = readRegistry(bytes.json, bytes.signature);
    await requireKnown(deps, location, verified);
    await bytes.keep?.();
    return {
      ...verified,
      location,
      source,
      remark: ageRemark(deps.clock, location, { ...bytes, ...verified.registry }),
    };
  } catch (error) {
    const { message } = toError(error);
    const hint = error instanceof ClawError && error.code === 'conflict' ? ` ${error.hint ?? ''}` : '';
    return `The registry ${location} is left out: ${message}${hint}`;
  }
}

/** Throws `conflict` for another key than before, and for an older list. */
async function requireKnown(deps: RegistryDeps, location: string, verified: VerifiedRegistry): Promise<void> {
  const { publicKey, keyId, registry } = verified;
  const seen = (await deps.store.marketplace.registries()).find((each) => each.location === location);
  // The one that ships is as new as claw itself, and its key is not learned but known.
  if (location === SHIPPED) {
    if (publicKey !== (await deps.publisher()))
      throw new ClawError('conflict', `it is signed by ${keyId}, which is not the publisher of claw.`);
    return note(deps, location, verified, seen);
  }
  if (seen !== undefined && seen.public_key !== publicKey) {
    throw new ClawError('conflict', `it is signed by another key than before (${keyId}, not ${seen.key_id}).`, {
      hint: `If its owner says so: claw tool registries --forget ${location}`,
    });
  }
  if (seen !== undefined && registry.sequence < seen.sequence) {
    throw new ClawError(
      'conflict',
      `its list is older than one seen before (number ${registry.sequence}, after ${seen.sequence}).`,
    );
  }
  await note(deps, location, verified, seen);
}

async function note(
  { store, clock }: RegistryDeps,
  location: string,
  { registry, keyId, publicKey }: VerifiedRegistry,
  seen: SeenRegistry | undefined,
): Promise<void> {
  if (seen?.sequence === registry.sequence && seen.public_key === publicKey) return;
  const now = clock.now();
  await store.transaction(async ({ marketplace }) => {
    // Two processes may have read different lists: the newer one counts.
    const other = (await marketplace.registries()).find((each) => each.location === location);
    if (other !== undefined && other.sequence > registry.sequence && location !== SHIPPED) return;
    const { sequence } = registry;
    if (other?.sequence === sequence && other.public_key === publicKey) return;
    await marketplace.seeRegistry({ location, key_id: keyId, public_key: publicKey, sequence, seen_at: now });
    await marketplace.addRevocations(revocationRows(location, registry, now));
  });
}

function revocationRows(location: string, { revoked }: Registry, now: number) {
  return revoked.map(({ name = '', version = '', sha256 = '', key_id = '', reason, at }) => ({
    registry: location,
    name,
    version,
    sha256,
    key_id,
    reason,
    at,
    seen_at: now,
  }));
}

/** Who keeps serving the same signed list hides what was revoked since; its signature stays good. */
function ageRemark(
  clock: Clock,
  location: string,
  { offline, updated_at: updated }: Pick<RegistryBytes, 'offline'> & Pick<Registry, 'updated_at'>,
): string | null {
  if (offline === undefined) {
    const age = clock.now() - Date.parse(updated);
    if (!/^https?:/.test(location) || age < OLD_MS) return null;
    return `The registry ${location} serves a list of ${ageInWords(age)} ago; what was revoked since is not known.`;
  }
  const age = ageInWords(clock.now() - offline.since);
  return `The registry ${location} does not answer (${offline.reason}); this is its list of ${age} ago.`;
}

function ageInWords(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
