/** Owns how a tool becomes a package: examined on the road every tool goes, described by what it says of itself behind the wall. Writes and signs nothing. */
import { ClawError } from '../kernel/errors.ts';
import type { Examined, ExamineOptions } from '../tools/registry/examine-tool.ts';
import { sha256 } from '../tools/registry/tool-folder.ts';
import type { SourceText } from '../tools/source/read-source.ts';
import type { SelfDescription } from '../tools/tool-sandbox.ts';
import { dangerousFinding } from './dangerous-finding.ts';
import { MANIFEST, type Manifest, PACKAGE_FORMAT } from './package-format.ts';

export interface PackageRequest extends SourceText {
  readonly version: string;
  readonly author: string;
  readonly license: string;
  readonly tags: readonly string[];
  /** Text of README.md; null when there is none. */
  readonly readme: string | null;
  /** Milliseconds UTC. */
  readonly publishedAt: number;
}

export interface PreparedPackage {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly examined: Examined;
}

type Examine = (text: SourceText, options?: ExamineOptions) => Promise<Examined>;

/** Throws `data-invalid` for a tool that nobody could install, and `usage-invalid` for words that no manifest takes. */
export async function preparePackage(
  examine: Examine,
  request: PackageRequest,
  signal?: AbortSignal,
): Promise<PreparedPackage> {
  const { source, language, readme } = request;
  const examined = await examine({ source, language }, signal === undefined ? {} : { signal });
  const said = requireFit(examined);
  const texts = { [`${said.name}.${language}`]: source, ...(readme === null ? {} : { 'README.md': readme }) };
  const manifest = MANIFEST.safeParse({
    format: PACKAGE_FORMAT,
    name: said.name,
    version: request.version,
    description: said.description.replaceAll(/\s+/g, ' ').trim(),
    author: request.author,
    license: request.license,
    tags: [...request.tags],
    permissions: said.permissions,
    runtime: said.runtime,
    files: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)])),
    published_at: `${new Date(request.publishedAt).toISOString().slice(0, 19)}Z`,
  });
  if (!manifest.success) {
    const issue = manifest.error.issues[0];
    throw new ClawError('usage-invalid', `The ${issue?.path.join('.') ?? ''} does not fit: ${issue?.message ?? ''}.`);
  }
  const files = new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
  return { manifest: manifest.data, files, examined };
}

/** Throws for what no installation would take. */
function requireFit({ verdict, reason, description, findings, trials }: Examined): SelfDescription {
  const finding = dangerousFinding(findings, description?.runtime ?? 'quickjs');
  if (finding !== undefined)
    throw unfit(`The tool is not fit to be a package: line ${finding.line}: ${finding.message}.`);
  if (verdict === 'failed' || description === undefined)
    throw unfit(`The tool is not fit to be a package: ${reason ?? 'it says nothing of itself'}.`);
  if (trials.length === 0)
    throw unfit('The tool brings no example; a package needs one, which each installation tries.');
  return description;
}

function unfit(message: string): ClawError {
  return new ClawError('data-invalid', message, {
    hint: 'See what stands out: claw tool check FILE; claw tool test FILE',
  });
}
