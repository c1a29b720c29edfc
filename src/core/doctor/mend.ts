/** Owns the mending of what checks found: a copy of what may change first, then each repair by itself, then the checks again. What only a person may do is left to them, with the command. */
import { toError } from '../kernel/errors.ts';
import type { CheckResult } from './run-checks.ts';

export interface Mender {
  /** The check it puts right. */
  readonly check: string;
  /** The commands of a result that it takes the place of. */
  readonly inPlaceOf: readonly string[];
  /** It may not run beside a server. */
  readonly needsStop?: true;
  /** Does it, and says what was done. */
  mend(): Promise<string>;
}

export interface MendResult {
  readonly check: string;
  readonly outcome: 'fixed' | 'not-fixed' | 'needs-you';
  readonly detail: string;
  /** The command that is left to run; null when nothing is. */
  readonly fix: string | null;
}

export interface MendReport {
  /** Where what was there before is kept; null when nothing had to be mended. */
  readonly snapshot: string | null;
  readonly results: readonly MendResult[];
  /** How all checks are afterwards. */
  readonly checks: readonly CheckResult[];
}

export interface MendDeps {
  readonly check: () => Promise<readonly CheckResult[]>;
  readonly menders: readonly Mender[];
  readonly isServerRunning: () => Promise<boolean>;
  /** Copies what may change and returns where; throws when that is not possible, and then nothing is changed. */
  readonly snapshot: () => Promise<string>;
}

/** Puts right what can be put right. Running it again changes nothing more. */
export async function mendAll({ check, menders, isServerRunning, snapshot }: MendDeps): Promise<MendReport> {
  const before = await check();
  const found = before.filter(({ status }) => status !== 'ok');
  const plan = found.map((result) => ({ result, mender: menderOf(menders, result) }));
  if (plan.every(({ mender }) => mender === undefined))
    return { snapshot: null, results: found.map(needsYou), checks: before };
  const isRunning = await isServerRunning();
  const kept = await snapshot();
  const done = new Map<string, string | Error>();
  for (const { result, mender } of plan) {
    if (mender === undefined || (mender.needsStop === true && isRunning)) continue;
    done.set(result.check, await mender.mend().catch(toError));
  }
  const checks = await check();
  const results = plan.map(({ result, mender }): MendResult => {
    if (mender === undefined) return needsYou(result);
    const did = done.get(result.check);
    if (did === undefined) return left(result, 'The server runs, and has to be stopped for this.', 'claw service stop');
    if (did instanceof Error)
      return left(result, `${result.detail} It could not be mended: ${did.message}`, result.fix);
    const now = checks.find((each) => each.check === result.check);
    if (now?.status === 'ok') return { check: result.check, outcome: 'fixed', detail: did, fix: null };
    return left(result, `${did} It is still not well: ${now?.detail ?? 'not known'}`, now?.fix ?? null);
  });
  return { snapshot: kept, results, checks };
}

function menderOf(menders: readonly Mender[], { check, fix }: CheckResult): Mender | undefined {
  return menders.find((mender) => mender.check === check && mender.inPlaceOf.includes(fix ?? ''));
}

function needsYou({ check, detail, fix }: CheckResult): MendResult {
  return { check, outcome: 'needs-you', detail, fix };
}

function left({ check }: CheckResult, detail: string, fix: string | null): MendResult {
  return { check, outcome: 'not-fixed', detail, fix };
}
