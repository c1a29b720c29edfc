/** Owns how a tool is told on the command line: entry, version, findings, trials. */
import { ClawError } from '../core/kernel/errors.ts';
import { safeText } from '../core/kernel/terminal-text.ts';
import { makeVisible } from '../core/sandbox/exec/show-act.ts';
import type { ToolVersionRow } from '../core/store/tools-table.ts';
import { permissionWords } from '../core/tools/permissions.ts';
import { describeVersion } from '../core/tools/registry/describe-version.ts';
import type { ToolAdmin } from '../core/tools/registry/tool-admin.ts';

export interface ToolReport {
  readonly json: object;
  readonly text: string;
}

/** Throws `not-found` for an unknown tool or version. */
export async function toolReport(admin: ToolAdmin, name: string, version: number | undefined): Promise<ToolReport> {
  const entry = await admin.find(name);
  const { description, origin, state, permissions, reason } = entry;
  const head = { name: entry.name, version: entry.version, origin, state, reason, permissions };
  const known = {
    ...head,
    description: description?.description ?? null,
    input_schema: description?.inputSchema ?? null,
  };
  if (entry.shipped !== undefined) {
    const source = await entry.shipped.source();
    const words = permissionWords(permissions).map((word) => `  - ${word}`);
    const text = [
      `${name} ${entry.version}, ships with claw`,
      description?.description ?? '',
      words.length === 0 ? 'It may only compute.' : `It may:\n${words.join('\n')}`,
      '',
      source,
    ];
    return { json: { ...known, hash: entry.shipped.hash, source }, text: safeText(text.join('\n')) };
  }
  const rows = await admin.versions(entry.name);
  const row = rows.find((each) => (version === undefined ? each.id === entry.head?.id : each.version === version));
  if (row === undefined) {
    throw new ClawError('not-found', `${name} has no such version${reason === null ? '' : ` (${reason})`}.`, {
      hint: `claw tool versions ${name}`,
    });
  }
  const former = rows.find((each) => each.state === 'active' && each.id !== row.id);
  const why = row.reason === null ? row.state : `${row.state}: ${row.reason}`;
  const text = safeText(
    `${why}\nIt says of itself: ${JSON.stringify(makeVisible(description?.description ?? ''))}\n${describeVersion(row, former).detail}`,
  );
  return { json: { ...known, ...versionJson(row), source: row.source }, text };
}

/** One stored version as JSON. */
export function versionJson(row: ToolVersionRow): object {
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
