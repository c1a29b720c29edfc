/** Owns tools and their versions as JSON, the same on every surface. */
import { ClawError } from '../../kernel/errors.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import type { ToolEntry } from './registry-view.ts';
import type { ToolAdmin, VersionPeople } from './tool-admin.ts';

/** A line of the list of tools. */
export function listedToolJson(entry: ToolEntry) {
  return { ...toolJson(entry), description: entry.description?.description ?? null };
}

/** A tool as it stands. */
function toolJson({ name, version, origin, state, permissions, reason }: ToolEntry) {
  return { name, version, origin, state, permissions, reason };
}

/** One tool, with its source, its stored version and the version that was active before. */
export interface ToolInfo {
  readonly entry: ToolEntry;
  readonly hash: string;
  readonly source: string;
  /** Absent for a tool that ships with claw. */
  readonly row?: ToolVersionRow;
  readonly former?: ToolVersionRow | undefined;
  /** Who made it and decided on it, by name. */
  readonly people?: VersionPeople;
}

/** Throws `not-found` for an unknown tool or version. */
export async function findToolInfo(admin: ToolAdmin, name: string, version: number | undefined): Promise<ToolInfo> {
  const entry = await admin.find(name);
  if (entry.shipped !== undefined) return { entry, hash: entry.shipped.hash, source: await entry.shipped.source() };
  const rows = await admin.versions(entry.name);
  const row = rows.find((each) => (version === undefined ? each.id === entry.head?.id : each.version === version));
  if (row === undefined) {
    throw new ClawError(
      'not-found',
      `${name} has no such version${entry.reason === null ? '' : ` (${entry.reason})`}.`,
      {
        hint: `claw tool versions ${name}`,
      },
    );
  }
  const former = rows.find((each) => each.state === 'active' && each.id !== row.id);
  return { entry, hash: row.hash, source: row.source, row, former, people: await admin.people(row) };
}

export function toolInfoJson({ entry, hash, source, row, people }: ToolInfo) {
  const known = {
    ...listedToolJson(entry),
    input_schema: entry.description?.inputSchema ?? null,
  };
  return row === undefined ? { ...known, hash, source } : { ...known, ...versionJson(row), ...people, source };
}

/** The versions of a tool, newest first; none of one that ships with claw. Throws `not-found`. */
export async function toolVersions(admin: ToolAdmin, name: string): Promise<ToolVersionRow[]> {
  const rows = await admin.versions(name);
  const entry = rows.length === 0 ? await admin.find(name) : undefined;
  if (entry !== undefined && entry.origin !== 'builtin') {
    throw new ClawError('not-found', entry.reason ?? 'It has no version yet.');
  }
  return rows;
}

/** One stored version as JSON. */
export function versionJson(row: ToolVersionRow) {
  const { name, version, hash, origin, state, reason, failures } = row;
  const parsed = {
    permissions: JSON.parse(row.permissions),
    findings: JSON.parse(row.findings),
    trials: JSON.parse(row.trials),
  };
  const instants = { created_at: row.created_at, decided_at: row.decided_at };
  return {
    name,
    version: String(version),
    hash,
    file: row.file,
    origin,
    state,
    reason,
    failures,
    ...parsed,
    ...instants,
  };
}
