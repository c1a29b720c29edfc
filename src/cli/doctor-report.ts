/** Owns how the findings of the doctor are shown to people. */
import { commandText, forHome } from '../core/doctor/command-text.ts';
import type { MendReport } from '../core/doctor/mend.ts';
import type { CheckResult } from '../core/doctor/run-checks.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';

/** The results with their commands for the home that --home named. */
export function withHome(results: readonly CheckResult[], home: string | undefined): CheckResult[] {
  return results.map((result) => ({ ...result, fix: result.fix === null ? null : forHome(result.fix, home) }));
}

/** A line a check, and below it what mends it. */
export function doctorText(results: readonly CheckResult[], { cli }: Catalogue = ENGLISH): string {
  return results
    .flatMap(({ check, status, detail, fix }) => [
      `${cli.marks[status]}${check}: ${safeLine(detail)}`,
      ...(fix === null ? [] : [`        -> ${fix}`]),
    ])
    .join('\n');
}

/** What there is to say when not even the home can be opened. Throws what is no failure of the home. */
export function withoutHome(error: unknown): CheckResult[] {
  if (!(error instanceof ClawError) || error.code === 'usage-invalid') throw error;
  const folder = /^The home (.+?) cannot be created:/.exec(error.message)?.[1];
  const fix = folder === undefined ? 'unset CLAW_HOME' : commandText('sudo', 'install', '-d', '-m', '700', '-o');
  const whole = folder === undefined ? fix : `${fix} "$(id -un)" ${commandText(folder)}`;
  return [{ check: 'home', status: 'error', detail: error.message, fix: whole }];
}

/** The same of what was mended. */
export function mendedForHome(report: MendReport, home: string | undefined): MendReport {
  const results = report.results.map((each) => ({ ...each, fix: each.fix === null ? null : forHome(each.fix, home) }));
  return { ...report, results, checks: withHome(report.checks, home) };
}

const OUTCOMES = { fixed: 'fixed     ', 'not-fixed': 'NOT FIXED ', 'needs-you': 'needs you ' };

/** What was done, and what is left. */
export function mendText({ snapshot, results }: MendReport): string {
  const lines = results.flatMap(({ check, outcome, detail, fix }) => [
    `${OUTCOMES[outcome]}${check}: ${safeLine(detail)}`,
    ...(fix === null ? [] : [`          -> ${fix}`]),
  ]);
  if (lines.length === 0) return 'All is well; nothing was changed.';
  return [...lines, snapshot === null ? 'Nothing was changed.' : `What was there before is in ${snapshot}.`].join('\n');
}
