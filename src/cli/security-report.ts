/** Owns how the security audit and the hardening are shown to people. */
import { forHome } from '../core/doctor/command-text.ts';
import type { AuditReport } from '../core/doctor/security/audit.ts';
import { type Finding, SEVERITIES } from '../core/doctor/security/finding.ts';
import type { HardenReport } from '../core/doctor/security/harden.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';

/** The report with its commands for the home that --home named. */
export function auditForHome(report: AuditReport, home: string | undefined): AuditReport {
  const findings = report.findings.map((each) => ({
    ...each,
    fix: each.fix === null ? null : forHome(each.fix, home),
  }));
  return { ...report, findings };
}

export function auditText({ score, counts, findings }: AuditReport): string {
  const summary = SEVERITIES.filter((each) => counts[each] > 0).map((each) => `${counts[each]} ${each}`);
  const head = `Score ${score} of 100${summary.length === 0 ? '. Nothing was found.' : `: ${summary.join(', ')}`}`;
  return [head, ...findings.flatMap(findingLines)].join('\n');
}

function findingLines({ id, severity, title, detail, evidence, fix, is_auto_fixable: isAuto }: Finding): string[] {
  return [
    '',
    `${severity.toUpperCase().padEnd(9)}${title} (${id})`,
    `         ${safeLine(evidence)}`,
    `         ${detail}`,
    ...(fix === null ? [] : [`         -> ${fix}${isAuto ? '   (or: claw security harden)' : ''}`]),
  ];
}

export function hardenText({ dry_run: isTrial, changes, snapshot, undo, ...report }: HardenReport): string {
  const lines = changes.map(
    ({ name, before, after, finding }) =>
      `${name}: ${shown(before)} -> ${after === null ? 'its default' : shown(after)} (${finding})`,
  );
  if (changes.length === 0) lines.push('There is nothing that can be hardened without you.');
  if (isTrial) return [...lines, `The score is ${report.score_before}. Nothing was changed.`].join('\n');
  const open = report.left.length === 0 ? '' : ` ${report.left.length} findings are left: claw security audit`;
  return [
    ...lines,
    `The score was ${report.score_before} and is ${report.score_after ?? report.score_before}.${open}`,
    ...(snapshot === null ? [] : [`What was there before is in ${snapshot}.`]),
    ...(undo === null ? [] : [`To take the settings back: ${undo}`]),
  ].join('\n');
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
