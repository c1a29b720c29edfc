/** Owns the decision whether a package may be installed, and on which questions that hangs. Promises: nothing is written, nothing runs but the trials behind the wall, each refusal says its own reason. */
import { ClawError } from '../kernel/errors.ts';
import type { InstalledPackage, PinnedKey } from '../store/marketplace-table.ts';
import type { Store } from '../store/store.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import type { ToolSystem } from '../tools/create-tools.ts';
import { NO_PERMISSIONS, permissionChange, type PermissionChange, TOOL_PERMISSIONS } from '../tools/permissions.ts';
import type { Examined } from '../tools/registry/examine-tool.ts';
import { lineDifference } from '../tools/registry/line-difference.ts';
import type { ToolEntry } from '../tools/registry/registry-view.ts';
import { sha256 } from '../tools/registry/tool-folder.ts';
import { dangerousFinding } from './dangerous-finding.ts';
import { lookAlike } from './look-alike.ts';
import { type Candidate, HANDED_OVER } from './open-package.ts';
import { UNINSTALLED } from './uninstall-package.ts';
import { answerable, revocationOf } from './revocations.ts';
import { decideTrust, type Trust } from './trust.ts';
import { compareVersions } from './version.ts';

export interface PlanDeps {
  readonly store: Pick<Store, 'marketplace' | 'tools'>;
  readonly tools: Pick<ToolSystem, 'registry' | 'examine'>;
  /** Public key (base64) of the publisher of claw; null when it cannot be read. */
  readonly publisher: () => Promise<string | null>;
}

export interface InstallPlan {
  readonly candidate: Candidate;
  readonly examined: Examined;
  /** SHA-256 of the source. */
  readonly hash: string;
  readonly trust: Trust;
  /** What is installed under the name; undefined for a first install. */
  readonly installed: InstalledPackage | undefined;
  /** The version that is replaced. */
  readonly former: ToolVersionRow | undefined;
  /** Against the version that is replaced, or against nothing. */
  readonly change: PermissionChange;
  /** Lines of the source that went (`-`) and came (`+`); empty for a first install. */
  readonly difference: readonly string[];
  /** A name it could be taken for. */
  readonly alike: string | undefined;
}

/** `known`: names that registries list, with the keys of their publishers. Throws `sandbox-refused`, `conflict` or `data-invalid`, each reason with a sentence of its own. */
export async function planInstall(
  deps: PlanDeps,
  candidate: Candidate,
  known: readonly { readonly name: string; readonly keyId: string }[],
  signal?: AbortSignal,
): Promise<InstallPlan> {
  const { verified } = candidate;
  const { name } = verified.manifest;
  const { marketplace } = deps.store;
  const entries = await deps.tools.registry.entries();
  const publisher = await deps.publisher();
  refuseName(entries, name);
  const pins = await marketplace.keys(name);
  refuseRevoked(candidate, pins, await marketplace.revocations());
  const installed = await marketplace.find(name);
  const trust = decideTrust({
    name,
    keyId: verified.keyId,
    publicKey: verified.publicKey,
    publisher,
    pins,
    installed,
  });
  refuseOtherRegistry(candidate, installed);
  await refuseVersion(deps, candidate, installed, entries);
  refuseTaken(entries, name, installed);
  const hash = sha256(verified.source);
  await refuseKnownBytes(deps, name, hash, installed);
  const examined = await deps.tools.examine(
    { source: verified.source, language: verified.language },
    signal === undefined ? {} : { signal },
  );
  refuseExamined(candidate, examined);
  const former = installed === undefined ? undefined : await deps.store.tools.find(installed.version_id);
  const before = former === undefined ? NO_PERMISSIONS : TOOL_PERMISSIONS.parse(JSON.parse(former.permissions));
  const others = trust === 'publisher' ? [] : othersThan(verified.keyId, entries, known, await marketplace.packages());
  return {
    candidate,
    examined,
    hash,
    trust,
    installed,
    former,
    change: permissionChange(before, verified.manifest.permissions),
    difference: former === undefined || former.hash === hash ? [] : lineDifference(former.source, verified.source),
    alike: installed === undefined ? lookAlike(name, others) : undefined,
  };
}

function refuseName(entries: readonly ToolEntry[], name: string): void {
  if (!entries.some((entry) => entry.name === name && entry.origin === 'builtin')) return;
  throw new ClawError('conflict', `${name} is the name of a tool that ships with claw; no package may have it.`);
}

function refuseRevoked(
  { verified, registry }: Candidate,
  pins: readonly PinnedKey[],
  rows: Parameters<typeof revocationOf>[0],
): void {
  const { manifest, sha256, keyId } = verified;
  const reason = revocationOf(rows, { ...manifest, sha256, keyId, registries: answerable(registry, keyId, pins) });
  if (reason === null) return;
  throw new ClawError('sandbox-refused', `${manifest.name} ${manifest.version} was revoked: ${reason}`, {
    hint: 'Look for a newer version: claw tool search',
  });
}

/** What came from one registry is not replaced from another, whoever signed it. */
function refuseOtherRegistry({ registry, registryKeyId }: Candidate, installed: InstalledPackage | undefined): void {
  if (installed === undefined || installed.registry === registry) return;
  if (registryKeyId !== null && registryKeyId === installed.registry_key_id) return;
  const from = (place: string): string => (place === HANDED_OVER ? 'a file' : place);
  throw new ClawError(
    'conflict',
    `${installed.name} is installed from ${from(installed.registry)} and is not replaced from ${from(registry)}.`,
    { hint: `To change where it comes from: claw tool uninstall ${installed.name}, then install it again.` },
  );
}

async function refuseVersion(
  { store }: PlanDeps,
  { verified }: Candidate,
  installed: InstalledPackage | undefined,
  entries: readonly ToolEntry[],
): Promise<void> {
  const { name, version } = verified.manifest;
  const ever = (await store.marketplace.versions(name)).filter(({ key_id }) => key_id === verified.keyId);
  const same = ever.find((each) => each.version === version);
  if (same !== undefined && same.manifest_hash !== verified.sha256) {
    throw new ClawError(
      'sandbox-refused',
      `${name} ${version} is not the ${name} ${version} that was installed before: it has other contents under the same version.`,
      { hint: 'Its publisher has to give it a new version.' },
    );
  }
  const isIntact = entries.some((entry) => entry.head?.id === installed?.version_id && entry.state === 'active');
  if (installed?.version === version && isIntact) {
    throw new ClawError('conflict', `${name} ${version} is installed already.`, { hint: `claw tool update ${name}` });
  }
  const newer = ever.find((each) => compareVersions(each.version, version) > 0);
  if (newer === undefined) return;
  throw new ClawError(
    'conflict',
    `${name} ${version} is older than ${newer.version}, which was installed before; older versions are not put over newer ones.`,
    { hint: `To go back to a version that was installed: claw tool rollback ${name}` },
  );
}

function refuseTaken(entries: readonly ToolEntry[], name: string, installed: InstalledPackage | undefined): void {
  const owner = entries.find((entry) => entry.name === name && entry.state !== 'rejected');
  if (installed !== undefined || owner === undefined) return;
  throw new ClawError('conflict', `There is a tool named ${name} already, and it is not from a marketplace.`, {
    hint: `claw tool info ${name}; take its file out of the tools folder first.`,
  });
}

async function refuseKnownBytes(
  { store }: PlanDeps,
  name: string,
  hash: string,
  installed: InstalledPackage | undefined,
): Promise<void> {
  const present = installed === undefined ? undefined : await store.tools.find(installed.version_id);
  if (present?.state === 'disabled' && present.is_approved === 1) {
    throw new ClawError('conflict', `${name} is switched off.`, { hint: `claw tool enable ${name}` });
  }
  const row = await store.tools.byHash(hash);
  if (row === undefined || row.reason === UNINSTALLED) return;
  if (row.state !== 'rejected' && row.state !== 'quarantined') return;
  throw new ClawError(
    'conflict',
    `These very bytes of ${name} are ${row.state}: ${row.reason ?? 'no reason is noted'}.`,
    {
      hint: `claw tool enable ${name}`,
    },
  );
}

function refuseExamined({ verified }: Candidate, { verdict, reason, findings, description }: Examined): void {
  const { name, permissions, runtime } = verified.manifest;
  const danger = dangerousFinding(findings, runtime);
  if (danger !== undefined)
    throw new ClawError('sandbox-refused', `${name} has dangerous code: line ${danger.line}: ${danger.message}.`);
  if (verdict === 'failed' || description === undefined)
    throw new ClawError('data-invalid', `${name} is not fit to run: ${reason ?? 'it says nothing of itself'}.`);
  if (description.name !== name)
    throw new ClawError('data-invalid', `The package ${name} holds a tool that calls itself ${description.name}.`);
  const { added, removed } = permissionChange(permissions, description.permissions);
  if (added.length + removed.length > 0) {
    const word = added[0] ?? removed[0] ?? '';
    throw new ClawError(
      'data-invalid',
      `${name} declares other permissions in its source than in its manifest: ${word}.`,
    );
  }
  if (description.runtime !== runtime)
    throw new ClawError(
      'data-invalid',
      `${name} says it runs in ${runtime}, and its source in ${description.runtime}.`,
    );
}

/** Names of shipped tools, of tools of the home and of other publishers. What a publisher lists takes nothing away from them. */
function othersThan(
  keyId: string,
  entries: readonly ToolEntry[],
  known: readonly { readonly name: string; readonly keyId: string }[],
  packages: readonly InstalledPackage[],
): Set<string> {
  const own = new Set(packages.filter((each) => each.key_id === keyId).map(({ name }) => name));
  const listed = known.filter((each) => each.keyId !== keyId).map(({ name }) => name);
  return new Set([...entries.map(({ name }) => name).filter((name) => !own.has(name)), ...listed]);
}
