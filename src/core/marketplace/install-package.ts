/** Owns the moment a planned install takes effect: one transaction, then the file, under one lock. Whatever ends the process in between, the package is installed or it is not. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { withFileLock } from '../kernel/file-lock.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import { newVersionRow } from '../tools/registry/new-version.ts';
import { fileForTool } from '../tools/registry/place-tool-file.ts';
import { settleUnderLock } from '../tools/registry/settle-packages.ts';
import { decodeText } from './strict-json.ts';
import type { InstallPlan } from './plan-install.ts';

export interface InstallDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The user's tools, and the lock of packages and their files. */
  readonly folder: string;
  readonly lock: string;
}

/** Puts the plan into effect. Throws `conflict` when what it was made for has changed since. */
export async function installPackage(deps: InstallDeps, plan: InstallPlan, by: Doer): Promise<ToolVersionRow> {
  return withFileLock(deps.lock, async () => {
    await settleUnderLock(deps);
    const file = fileOf(deps.folder, plan);
    const row = await deps.store.transaction(async (tables) => {
      await requireUnchanged(tables, plan);
      return write(tables, plan, { file, by, now: deps.clock.now() });
    });
    await settleUnderLock(deps);
    return row;
  });
}

/** The file of the version before, when that is of the same language; else one that is free. */
function fileOf(folder: string, { candidate, former }: InstallPlan): string {
  const { manifest, source, language } = candidate.verified;
  const before = former?.file.endsWith(`.${language}`) === true ? former.file : undefined;
  return fileForTool(folder, { name: manifest.name, source, language }, before);
}

async function requireUnchanged({ marketplace, tools }: Tables, { candidate, installed }: InstallPlan): Promise<void> {
  const { name } = candidate.verified.manifest;
  const present = await marketplace.find(name);
  if (present?.version_id !== installed?.version_id || present?.version !== installed?.version) {
    const now = present === undefined ? 'was uninstalled' : `${present.version} was installed`;
    throw new ClawError('conflict', `${name} changed in the meantime: it ${now}.`, { hint: `claw tool info ${name}` });
  }
  const owner = (await tools.versionsOf(name)).find(({ state }) => state === 'active');
  if (installed === undefined && owner !== undefined)
    throw new ClawError('conflict', `A tool named ${name} came in the meantime.`, { hint: `claw tool info ${name}` });
}

interface Circumstances {
  readonly file: string;
  readonly by: Doer;
  /** Milliseconds UTC. */
  readonly now: number;
}

async function write(tables: Tables, plan: InstallPlan, { file, by, now }: Circumstances): Promise<ToolVersionRow> {
  const { candidate, examined, hash, installed } = plan;
  const { verified, parts, registry, registryKeyId } = candidate;
  const { manifest, source, language, keyId, publicKey } = verified;
  const { name, version } = manifest;
  const text = { source, language };
  const fresh = newVersionRow({ text, hash, file, origin: 'marketplace', by: by.id, examined }, now);
  const { id: _id, name: _name, hash: _hash, created_at: _at, created_by: _by, ...again } = fresh;
  const stored = await tables.tools.insertVersion(fresh);
  const decided = { state: 'active', is_approved: 1, reason: null, decided_by: by.id, decided_at: now } as const;
  await tables.tools.updateVersion(stored.id, { ...again, ...decided });
  await tables.tools.supersede(name, stored.id);
  const at = { installed_at: now };
  const is = { name, key_id: keyId, version, version_id: stored.id };
  const manifestText = decodeText(parts.manifest, 'manifest.json');
  const signature = decodeText(parts.signature, 'signature.json');
  await tables.marketplace.putVersion({
    ...is,
    ...at,
    hash,
    signature,
    manifest: manifestText,
    manifest_hash: verified.sha256,
  });
  const pin = { registry, name, key_id: keyId, public_key: publicKey };
  await tables.marketplace.pinKey({ ...pin, pinned_at: now, pinned_by: by.id });
  const from = { registry, registry_key_id: registryKeyId, installed_by: by.id };
  await tables.marketplace.putPackage({ ...is, ...at, ...from, state: 'placing' });
  const detail = { version, hash, key_id: keyId, registry, trust: plan.trust, may: [...plan.change.added] };
  const [action, before] =
    installed === undefined ? ['package.install', {}] : ['package.update', { from: installed.version }];
  await tables.audit.append({ at: now, by: doneBy(by), action, target: name, detail: { ...detail, ...before } });
  return { ...stored, ...again, ...decided };
}
