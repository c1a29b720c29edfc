/** Owns what became of a due moment, in words: late, caught up, by hand, skipped and why. Pure. Source of the reasons: src/core/tasks/account.ts. */
import { makeVisible } from '../../../core/sandbox/exec/show-act.ts';
import type { Api } from '../../api/types.ts';
import type { Texts } from '../../language/texts.ts';

type Run = Api['GET /tasks/{id}/history']['result'][number];
export type RunFacts = Pick<Run, 'manual' | 'due_at' | 'claimed_at' | 'reason' | 'instants' | 'last_due_at' | 'state'>;

/** A moment this late, in milliseconds, is still on time. */
const ON_TIME_MS = 60_000;

/** Sentences; none when it ran on time. A reason that is not known is shown as it is. */
export function runWords(run: RunFacts, words: Texts['tasks']['run']): string[] {
  const { manual, reason, instants } = run;
  const late = Date.parse(run.claimed_at) - Date.parse(run.due_at);
  const isLate = !manual && late > ON_TIME_MS && run.state !== 'skipped' && run.state !== 'missed';
  return [
    ...(manual ? [words.byHand] : []),
    ...(instants > 1 ? [words.instants(instants)] : []),
    ...(isLate ? [words.late(lengthWords(late, words))] : []),
    ...(reason === null ? [] : reasonWords(reason, words)),
  ];
}

function reasonWords(reason: string, words: Texts['tasks']['run']): string[] {
  // Both are told above already.
  if (reason === 'run by hand' || /^caught up \d+ s late$/.test(reason)) return [];
  const [, seconds, rest = ''] = /^(\d+) s late(.*)$/.exec(reason) ?? [];
  if (seconds === undefined) return [makeVisible(reason)];
  const late = words.late(lengthWords(Number(seconds) * 1000, words));
  if (rest.includes('the policy once')) return [late, words.onlyLast];
  if (rest.includes('the policy skip')) return [late, words.onTimeOnly];
  const [, most] = /only the last (\d+) are caught up/.exec(rest) ?? [];
  if (most !== undefined) return [late, words.tooMany(Number(most))];
  const [, allowed] = /more than the ([\d.]+) s allowed/.exec(rest) ?? [];
  if (allowed !== undefined) return [late, words.tooLate(lengthWords(Number(allowed) * 1000, words))];
  return [makeVisible(reason)];
}

/** `90000` as a minute and a half would be read: the largest unit that is full, rounded. */
export function lengthWords(ms: number, { units }: Pick<Texts['tasks']['run'], 'units'>): string {
  if (ms >= 2 * 86_400_000) return units.days(Math.round(ms / 86_400_000));
  if (ms >= 2 * 3_600_000) return units.hours(Math.round(ms / 3_600_000));
  if (ms >= 60_000) return units.minutes(Math.round(ms / 60_000));
  return units.seconds(Math.round(ms / 1000));
}
