/** Owns how a version is put before the person who decides: what it wants in plain words, what changed, and the source itself. */
import { makeVisible } from '../../sandbox/exec/show-act.ts';
import type { ToolVersionRow } from '../../store/tools-table.ts';
import {
  NO_PERMISSIONS,
  permissionChange,
  permissionWords,
  TOOL_PERMISSIONS,
  type ToolPermissions,
} from '../permissions.ts';
import type { Finding } from '../source/scan-program.ts';
import { lineDifference } from './line-difference.ts';

export interface VersionReport {
  /** What it may do once approved, a sentence each. */
  readonly words: readonly string[];
  /** Everything, as text. */
  readonly detail: string;
}

/** `former` is the version that is in use now. */
export function describeVersion(row: ToolVersionRow, former: ToolVersionRow | undefined): VersionReport {
  const permissions = permissionsOf(row);
  const words = permissionWords(permissions);
  const findings = JSON.parse(row.findings) as Finding[];
  const { added, removed } = permissionChange(
    former === undefined ? NO_PERMISSIONS : permissionsOf(former),
    permissions,
  );
  const change =
    former === undefined
      ? []
      : [
          `Compared with version ${former.version}, which is in use:`,
          ...added.map((word) => `+ may also ${word}`),
          ...removed.map((word) => `- may no longer ${word}`),
          ...(added.length + removed.length === 0 ? ['  may do the same'] : []),
          ...lineDifference(plainEnds(former.source), plainEnds(row.source)).map(visibleLine),
          '',
        ];
  const detail = [
    `${row.name}, version ${row.version} (${row.origin === 'ai' ? 'written by the assistant' : 'from the tools folder'}), SHA-256 ${row.hash}`,
    words.length === 0 ? 'It may only compute.' : `It may:\n${words.map((word) => `  - ${word}`).join('\n')}`,
    ...(findings.length === 0
      ? []
      : [`Noticed in the source:\n${findings.map(({ line, message }) => `  line ${line}: ${message}`).join('\n')}`]),
    '',
    ...change,
    'Source:',
    plainEnds(row.source).split('\n').map(visibleLine).join('\n'),
  ];
  return { words, detail: detail.join('\n') };
}

const plainEnds = (source: string): string => source.replaceAll('\r\n', '\n');

/** A tab is the only character without a shape that is left as it is: nothing a reader does not see is run. */
function visibleLine(line: string): string {
  return line.split('\t').map(makeVisible).join('\t');
}

function permissionsOf({ permissions }: Pick<ToolVersionRow, 'permissions'>): ToolPermissions {
  return TOOL_PERMISSIONS.parse(JSON.parse(permissions));
}
