/** Owns looking over what is installed: the file, the stored source and code, the signature, and what was revoked since. Changes nothing. */
import { ClawError, toError } from '../kernel/errors.ts';
import type { InstalledPackage, InstalledVersion, RevocationRow } from '../store/marketplace-table.ts';
import type { Store } from '../store/store.ts';
import type { ToolVersionRow } from '../store/tools-table.ts';
import { permissionChange, TOOL_PERMISSIONS } from '../tools/permissions.ts';
import { readToolFolder, sha256, type ToolFile } from '../tools/registry/tool-folder.ts';
import type { SourceReader } from '../tools/source/read-source.ts';
import { readManifest } from './package-format.ts';
import { answerable, revocationOf } from './revocations.ts';
import { readSignature, verifySignature } from './signature.ts';

export interface VerifyDeps {
  readonly store: Store;
  /** The user's tools. */
  readonly folder: string;
  readonly readSource: SourceReader;
}

export interface Verdict {
  readonly name: string;
  readonly version: string;
  readonly status: 'ok' | 'tampered' | 'missing' | 'revoked';
  /** What is wrong, or that it is as it was signed. */
  readonly detail: string;
  readonly registry: string;
  readonly keyId: string;
}

/** Of one package, or of all. Throws `not-found` for a name that is not installed. */
export async function verifyInstalled(
  deps: VerifyDeps,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<Verdict[]> {
  const all = await deps.store.marketplace.packages();
  const asked = name === undefined ? all : all.filter((each) => each.name === name);
  if (name !== undefined && asked.length === 0)
    throw new ClawError('not-found', `No package named ${JSON.stringify(name)} is installed.`, {
      hint: 'claw tool list',
    });
  const { files } = readToolFolder(deps.folder);
  const revocations = await deps.store.marketplace.revocations();
  const verdicts: Verdict[] = [];
  for (const each of asked) verdicts.push(await verifyOne(deps, each, { files, revocations, signal }));
  return verdicts;
}

interface Seen {
  readonly files: readonly ToolFile[];
  readonly revocations: readonly RevocationRow[];
  readonly signal: AbortSignal | undefined;
}

async function verifyOne(deps: VerifyDeps, each: InstalledPackage, seen: Seen): Promise<Verdict> {
  const { name, version, registry, key_id: keyId } = each;
  const verdict = (status: Verdict['status'], detail: string): Verdict => ({
    name,
    version,
    status,
    detail,
    registry,
    keyId,
  });
  const proof = (await deps.store.marketplace.versions(name)).find(
    (row) => row.version === version && row.key_id === keyId,
  );
  const row = await deps.store.tools.find(each.version_id);
  if (proof === undefined || row === undefined) return verdict('tampered', 'what was stored of it is gone');
  const registries = answerable(registry, keyId, await deps.store.marketplace.keys(name));
  const revoked = revocationOf(seen.revocations, { name, version, sha256: proof.manifest_hash, keyId, registries });
  if (revoked !== null) return verdict('revoked', revoked);
  const wrong = refuseProof(proof, row) ?? (await refuseCode(deps, row, seen.signal));
  if (wrong !== undefined) return verdict('tampered', wrong);
  if (seen.files.some(({ hash }) => hash === row.hash)) return verdict('ok', 'as it was signed');
  const isChanged = seen.files.some(({ file }) => file === row.file);
  return isChanged
    ? verdict('tampered', `${row.file} in the tools folder was changed`)
    : verdict('missing', `${row.file} is gone from the tools folder`);
}

/** What is stored against what was signed. */
function refuseProof(proof: InstalledVersion, row: ToolVersionRow): string | undefined {
  try {
    const bytes = Buffer.from(proof.manifest);
    const { keyId } = verifySignature(
      bytes,
      readSignature(Buffer.from(proof.signature), 'signature.json'),
      'manifest.json',
    );
    const { files, name, version, permissions } = readManifest(bytes);
    const isSame = keyId === proof.key_id && name === proof.name && version === proof.version;
    if (!isSame) return 'its manifest is that of another package';
    if (!Object.values(files).includes(row.hash)) return 'its manifest does not name the source that is stored';
    if (sha256(row.source) !== row.hash) return 'its stored source was changed';
    const { added, removed } = permissionChange(permissions, TOOL_PERMISSIONS.parse(JSON.parse(row.permissions)));
    const differs = [...added.map((word) => `may ${word}`), ...removed.map((word) => `may not ${word}`)][0];
    return differs === undefined ? undefined : `it is granted something else than was signed: it ${differs}`;
  } catch (error) {
    return toError(error).message;
  }
}

/** What runs is the source without its types. */
async function refuseCode(
  { readSource }: VerifyDeps,
  row: ToolVersionRow,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const language = row.file.endsWith('.ts') ? 'ts' : 'js';
  const { code } = await readSource({ source: row.source, language }, signal);
  return code === row.code ? undefined : 'its stored code is not that of its source';
}
