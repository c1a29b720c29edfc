/** Owns the marketplace as the surfaces see it: look, plan, install, update, uninstall, verify. What was refused is in the audit trail too. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { InstalledPackage, SeenRegistry } from '../store/marketplace-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import type { ToolSystem } from '../tools/create-tools.ts';
import { readSource } from '../tools/source/read-source.ts';
import { type Consent, requireConsent } from './consent.ts';
import { findPackage, type IsRevoked, type Listed, newestOf } from './find-package.ts';
import { findUpdate, type Offer } from './find-updates.ts';
import { installPackage } from './install-package.ts';
import { type Candidate, isPlace, openHandedOver, openListed } from './open-package.ts';
import { type InstallPlan, planInstall } from './plan-install.ts';
import { loadRegistries, type Registries } from './registries.ts';
import type { RegistrySource } from './registry-source.ts';
import { applyRevocations, revocationOf } from './revocations.ts';
import { uninstallPackage } from './uninstall-package.ts';
import { isVersion } from './version.ts';
import { type Verdict, verifyInstalled } from './verify-installed.ts';
import type { WebDeps } from './web-folder.ts';

export interface MarketplaceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly tools: () => Promise<Pick<ToolSystem, 'registry' | 'examine'>>;
  readonly places: MarketplacePlaces;
  /** Tells the owner of the home, once for each key. */
  readonly tell: (tables: Tables, text: string, key: string, now: number) => Promise<void>;
}

export interface MarketplacePlaces {
  /** In the order of the settings. */
  readonly sources: readonly RegistrySource[];
  readonly web: WebDeps;
  /** Public key (base64) of who publishes the registry that ships with claw. */
  readonly publisher: () => Promise<string>;
  /** The user's tools, and the lock of packages and their files. */
  readonly folder: string;
  readonly lock: string;
}

export interface Found extends Listed {
  /** The version that is installed from there; null when none is. */
  readonly installed: string | null;
}

export interface Inspected extends Found {
  /** Undefined when it cannot be had: `problem` says why. */
  readonly candidate?: Candidate;
  readonly problem?: string;
}

export interface InstallRequest {
  /** `name`, `name@version`, a path or an address. */
  readonly what: string;
  readonly registry?: string | undefined;
  /** Who asks, for the audit trail. */
  readonly by: Doer;
  readonly signal?: AbortSignal | undefined;
}

export interface Marketplace {
  /** What is configured, with what is wrong with it; and what was seen of registries before. */
  registries(signal?: AbortSignal): Promise<Registries & { readonly seen: readonly SeenRegistry[] }>;
  /** Packages whose name, description or tags have every word of `text`. */
  search(text: string, signal?: AbortSignal): Promise<{ found: Found[]; remarks: readonly string[] }>;
  /** The package of that name in each registry that has it, whole and checked, with its newest version. Throws `not-found`. */
  inspect(name: string, signal?: AbortSignal): Promise<{ found: Inspected[]; remarks: readonly string[] }>;
  /** Everything but the writing. Throws what planInstall, findPackage and openListed throw. */
  plan(request: InstallRequest): Promise<{ plan: InstallPlan; remarks: readonly string[] }>;
  /** Throws `sandbox-refused` when a question is open, `conflict` when things changed since. */
  install(plan: InstallPlan, consent: Consent, by: Doer): Promise<ToolVersionRow>;
  /** Of one package, or of all. Throws `not-found` for a name that is not installed. */
  updates(name: string | undefined, signal?: AbortSignal): Promise<{ offers: Offer[]; remarks: readonly string[] }>;
  uninstall(name: string, by: Doer): Promise<InstalledPackage>;
  verify(name: string | undefined, signal?: AbortSignal): Promise<Verdict[]>;
  installed(): Promise<InstalledPackage[]>;
  /** The key and the newest list of that registry are learned anew. Throws `not-found`. */
  forgetRegistry(location: string, by: Doer): Promise<void>;
}

interface Look extends Registries {
  readonly isRevoked: IsRevoked;
}

type Looker = (signal?: AbortSignal) => Promise<Look>;

export function createMarketplace(deps: MarketplaceDeps): Marketplace {
  const { store, places, clock } = deps;
  const look: Looker = async (signal) => {
    const registries = await loadRegistries({ ...places, store, clock }, signal);
    await applyRevocations(deps);
    return { ...registries, isRevoked: await revokedNow(store) };
  };
  return {
    ...finding(deps, look),
    plan: (request) => plan(deps, look, request),
    async install(made, consent, by) {
      try {
        requireConsent(made, consent);
        return await installPackage({ ...places, store, clock }, made, by);
      } catch (error) {
        throw await refused(deps, error, made.candidate.verified.manifest.name, by);
      }
    },
    async uninstall(name, by) {
      const { registry } = await deps.tools();
      return uninstallPackage({ ...places, store, clock, registry }, name, by);
    },
    verify: (name, signal) => verifyInstalled({ store, folder: places.folder, readSource }, name, signal),
    installed: () => store.marketplace.packages(),
    forgetRegistry: (location, by) => forget(deps, location, by),
  };
}

function finding(
  { store }: MarketplaceDeps,
  look: Looker,
): Pick<Marketplace, 'registries' | 'search' | 'inspect' | 'updates'> {
  return {
    registries: async (signal) => ({ ...(await look(signal)), seen: await store.marketplace.registries() }),
    async search(text, signal) {
      const { loaded, remarks, isRevoked } = await look(signal);
      const installed = await store.marketplace.packages();
      const found = newestOf(loaded, isRevoked).filter((each) => hasWords(each, text));
      return { found: found.map((each) => ({ ...each, installed: installedFrom(each, installed) })), remarks };
    },
    async inspect(name, signal) {
      const { loaded, remarks, isRevoked } = await look(signal);
      const installed = await store.marketplace.packages();
      const named = newestOf(loaded, isRevoked).filter(({ entry }) => entry.name === name);
      // Says what is near when there is none.
      if (named.length === 0) findPackage(loaded, { name, version: undefined, registry: undefined }, isRevoked);
      const found = named.map(async (each) => {
        const opened = await openListed(each, signal).then(
          (candidate) => ({ candidate }),
          (error: unknown) => ({ problem: toError(error).message }),
        );
        return { ...each, ...opened, installed: installedFrom(each, installed) };
      });
      return { found: await Promise.all(found), remarks };
    },
    async updates(name, signal) {
      const { loaded, remarks, isRevoked } = await look(signal);
      const all = await store.marketplace.packages();
      const asked = name === undefined ? all : all.filter((each) => each.name === name);
      if (name !== undefined && asked.length === 0)
        throw new ClawError('not-found', `No package named ${JSON.stringify(name)} is installed.`, {
          hint: 'claw tool list',
        });
      return { offers: asked.map((each) => findUpdate(loaded, each, isRevoked)), remarks };
    },
  };
}

async function plan(
  deps: MarketplaceDeps,
  look: Looker,
  request: InstallRequest,
): Promise<{ plan: InstallPlan; remarks: readonly string[] }> {
  const { store, places } = deps;
  const { loaded, remarks, isRevoked } = await look(request.signal);
  try {
    const candidate = await openCandidate(places, request, (name, version) =>
      findPackage(loaded, { name, version, registry: request.registry }, isRevoked),
    );
    const known = loaded.flatMap(({ registry }) =>
      registry.packages.map(({ name, key_id: keyId }) => ({ name, keyId })),
    );
    const parts = { store, tools: await deps.tools(), publisher: () => places.publisher().catch(() => null) };
    return { plan: await planInstall(parts, candidate, known, request.signal), remarks };
  } catch (error) {
    throw await refused(deps, error, request.what, request.by);
  }
}

async function revokedNow(store: Store): Promise<IsRevoked> {
  const rows = await store.marketplace.revocations();
  return ({ name, version, sha256, key_id: keyId }, { location: registry }) =>
    revocationOf(rows, { name, version, sha256, keyId, registries: [registry] });
}

async function openCandidate(
  { web }: MarketplacePlaces,
  { what, signal }: InstallRequest,
  find: (name: string, version: string | undefined) => Listed,
): Promise<Candidate> {
  if (isPlace(what)) return openHandedOver(web, what, signal);
  const [name = '', version, ...rest] = what.split('@');
  if (rest.length > 0 || (version !== undefined && !isVersion(version)))
    throw new ClawError('usage-invalid', `${JSON.stringify(what)} is no NAME@VERSION.`, {
      hint: 'Such as: dice@1.2.0',
    });
  return openListed(find(name, version), signal);
}

function hasWords({ entry }: Listed, text: string): boolean {
  const { name, description, tags } = entry;
  const all = [name, name.replaceAll('_', ' '), description, ...tags].join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

function installedFrom({ entry, from }: Listed, installed: readonly InstalledPackage[]): string | null {
  const found = installed.find(({ name }) => name === entry.name);
  const isFrom = found?.registry === from.location || found?.registry_key_id === from.keyId;
  return found !== undefined && isFrom ? found.version : null;
}

/** Failures of the network and of typing are no refusals. */
const NO_REFUSAL: ReadonlySet<string> = new Set([
  'not-found',
  'usage-invalid',
  'upstream-failed',
  'cancelled',
  'locked',
]);

async function refused({ store, clock }: MarketplaceDeps, error: unknown, target: string, by: Doer): Promise<unknown> {
  if (!(error instanceof ClawError) || NO_REFUSAL.has(error.code)) return error;
  const detail = { code: error.code, reason: error.message };
  const entry = { at: clock.now(), by: doneBy(by), action: 'package.refuse', target: target.slice(0, 200) };
  await store.audit.append({ ...entry, outcome: 'denied', detail });
  return error;
}

async function forget({ store, clock }: MarketplaceDeps, location: string, by: Doer): Promise<void> {
  const at = clock.now();
  await store.transaction(async ({ marketplace, audit }) => {
    if (!(await marketplace.forgetRegistry(location)))
      throw new ClawError('not-found', `The registry ${location} was never seen.`, { hint: 'claw tool registries' });
    await audit.append({ at, by: doneBy(by), action: 'registry.forget', target: location });
  });
}
