/** Owns how checks are run: all at once, each within a deadline. Each looks at one thing and, when it is not well, names the one command that mends it. A check that fails to run is itself a finding. */
import { toError } from '../kernel/errors.ts';

export type CheckStatus = 'ok' | 'warning' | 'error';

export interface CheckResult {
  readonly check: string;
  readonly status: CheckStatus;
  readonly detail: string;
  /** The command to run next; null when all is well. */
  readonly fix: string | null;
}

export type Verdict = Omit<CheckResult, 'check'>;

export interface Check {
  readonly check: string;
  run(): Promise<Verdict> | Verdict;
}

export const ok = (detail: string): Verdict => ({ status: 'ok', detail, fix: null });
export const warning = (detail: string, fix: string): Verdict => ({ status: 'warning', detail, fix });
export const problem = (detail: string, fix: string): Verdict => ({ status: 'error', detail, fix });

/** Something could not be looked at because something else, which has a check of its own, is not well. */
export class NotLookedAt extends Error {
  readonly fix: string;

  constructor(because: string, fix: string) {
    super(because);
    this.fix = fix;
  }
}

/** How long one check may take, in milliseconds; the others do not wait for it. */
const DEADLINE_MS = 8000;

/** Runs the checks at the same time and gives their results in their order. */
export function runChecks(checks: readonly Check[], deadlineMs = DEADLINE_MS): Promise<CheckResult[]> {
  return Promise.all(checks.map(async (each) => ({ check: each.check, ...(await runOne(each, deadlineMs)) })));
}

async function runOne({ check, run }: Check, deadlineMs: number): Promise<Verdict> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    const seconds = Math.ceil(deadlineMs / 1000);
    const verdict = warning(`Not known: no answer within ${seconds} s.`, `claw doctor --only ${check}`);
    timer = setTimeout(() => resolve(verdict), deadlineMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(() => run()), late]);
  } catch (error) {
    if (error instanceof NotLookedAt) return warning(`Not looked at: ${error.message}`, error.fix);
    return problem(`The check itself failed: ${toError(error).message}`, `claw doctor --only ${check}`);
  } finally {
    clearTimeout(timer);
  }
}
