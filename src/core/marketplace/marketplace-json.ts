/** Owns packages, plans and verdicts as JSON, the same on every surface. */
import type { InstalledPackage } from '../store/marketplace-table.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import { permissionWords } from '../tools/permissions.ts';
import { questionsOf } from './consent.ts';
import type { Offer } from './find-updates.ts';
import type { Found, Inspected } from './marketplace-service.ts';
import { differenceSize } from './package-screen.ts';
import type { InstallPlan } from './plan-install.ts';
import type { LoadedRegistry } from './registries.ts';
import type { Verdict } from './verify-installed.ts';

/** A line of a search. */
export function foundJson({ entry, from, revoked, installed }: Found) {
  const { name, version, description, author, tags, permissions, sha256, key_id } = entry;
  const shown = { name, version, description, author, tags: [...tags], permissions };
  return { ...shown, registry: from.location, key_id, sha256, installed, revoked };
}

/** A package that is not installed, with its source. */
export function inspectedJson(inspected: Inspected) {
  const { candidate, problem = null } = inspected;
  const manifest = candidate?.verified.manifest;
  const { license = null, published_at = null, runtime = null } = manifest ?? {};
  const whole = { license, published_at, runtime, problem, source: candidate?.verified.source ?? null };
  return { ...foundJson(inspected), state: 'not installed', ...whole };
}

/** What an install would do. */
export function planJson(plan: InstallPlan) {
  const { candidate, examined, hash, trust, installed, change, alike } = plan;
  const { manifest, keyId, sha256 } = candidate.verified;
  const { name, version, description, author, license, tags, permissions, runtime, published_at } = manifest;
  const shown = { name, version, description, author, license, tags: [...tags], permissions, runtime, published_at };
  const origin = { registry: candidate.registry, key_id: keyId, trust, sha256, hash };
  return {
    ...shown,
    ...origin,
    may: permissionWords(permissions),
    replaces: installed?.version ?? null,
    permissions_added: [...change.added],
    permissions_removed: [...change.removed],
    source_lines: differenceSize(plan),
    findings: examined.findings.map((each) => ({ ...each })),
    trials: examined.trials.map((each) => ({ ...each })),
    looks_like: alike ?? null,
    questions: questionsOf(plan),
  };
}

/** What an install did. */
export function installedJson(plan: InstallPlan, row: ToolVersionRow) {
  const { name, version, hash, registry, key_id, permissions, replaces } = planJson(plan);
  return { name, version, hash, registry, key_id, permissions, replaces, state: row.state, file: row.file };
}

export function packageJson(row: InstalledPackage) {
  const { name, version, registry, key_id, installed_at } = row;
  return { name, version, registry, key_id, installed_at };
}

export function verdictJson({ name, version, status, detail, registry, keyId }: Verdict) {
  return { name, version, status, detail, registry, key_id: keyId };
}

/** An update that is not one: there is nothing newer, or it cannot be had. */
export function offerJson(offer: Offer) {
  const { name, version } = offer.installed;
  return offer.kind === 'newer'
    ? { name, from: version, to: offer.listed.entry.version, status: 'available' as const, reason: null }
    : { name, from: version, to: null, status: offer.kind, reason: offer.reason };
}

export function registryJson({ location, registry, keyId, remark }: LoadedRegistry) {
  const { name, sequence, updated_at, packages, revoked } = registry;
  const counts = { packages: packages.length, revoked: revoked.length };
  return { location, name, key_id: keyId, sequence, updated_at, ...counts, remark };
}
