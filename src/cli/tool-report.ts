/** Owns how a tool is told on the command line: entry, version, findings, trials. */
import { safeText } from '../core/kernel/terminal-text.ts';
import { makeVisible } from '../core/sandbox/exec/show-act.ts';
import { permissionWords } from '../core/tools/permissions.ts';
import { describeVersion } from '../core/tools/registry/describe-version.ts';
import { findToolInfo, toolInfoJson } from '../core/tools/registry/tool-json.ts';
import type { ToolAdmin } from '../core/tools/registry/tool-admin.ts';

export interface ToolReport {
  readonly json: object;
  readonly text: string;
}

/** Throws `not-found` for an unknown tool or version. */
export async function toolReport(admin: ToolAdmin, name: string, version: number | undefined): Promise<ToolReport> {
  const info = await findToolInfo(admin, name, version);
  const { entry, row, former, source } = info;
  const json = toolInfoJson(info);
  const description = entry.description?.description ?? '';
  if (row === undefined) {
    const words = permissionWords(entry.permissions).map((word) => `  - ${word}`);
    const text = [
      `${name} ${entry.version}, ships with claw`,
      description,
      words.length === 0 ? 'It may only compute.' : `It may:\n${words.join('\n')}`,
      '',
      source,
    ];
    return { json, text: safeText(text.join('\n')) };
  }
  const why = row.reason === null ? row.state : `${row.state}: ${row.reason}`;
  const text = safeText(
    `${why}\nIt says of itself: ${JSON.stringify(makeVisible(description))}\n${describeVersion(row, former).detail}`,
  );
  return { json, text };
}
