/** Owns the health checks: each looks at one thing and, when it is not well, names the one command that mends it. A check that fails to run is itself a finding. */
import { toError } from '../kernel/errors.ts';

export type CheckStatus = 'ok' | 'warning' | 'error';

export interface CheckResult {
  readonly check: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** The command to run next; null when all is well. */
  readonly fix: string | null;
}

export interface Check {
  readonly check: string;
  run(): Promise<Omit<CheckResult, 'check'>>;
}

export const ok = (detail: string): Omit<CheckResult, 'check'> => ({ status: 'ok', detail, fix: null });
export const warning = (detail: string, fix: string): Omit<CheckResult, 'check'> => ({
  status: 'warning',
  detail,
  fix,
});
export const problem = (detail: string, fix: string): Omit<CheckResult, 'check'> => ({ status: 'error', detail, fix });

/** Runs the checks one after the other and gives their results in order. */
export async function runChecks(checks: readonly Check[]): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { check, run } of checks) {
    try {
      results.push({ check, ...(await run()) });
    } catch (error) {
      results.push({ check, ...problem(`The check itself failed: ${toError(error).message}`, 'claw config validate') });
    }
  }
  return results;
}
