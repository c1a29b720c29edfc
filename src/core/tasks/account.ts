/** Owns what becomes of due instants when they are looked at: which one runs now, and why each other does not. Pure; what it gives is bounded, however long nobody looked. */
import type { MisfirePolicy, TaskRunState } from '../store/tasks-schema.ts';
import type { Schedule } from './schedule.ts';

/** An instant this late, in milliseconds, is still on time. */
const ON_TIME_MS = 60_000;
/** Late instants that the policy `all` still runs: the youngest. */
const MOST_CAUGHT_UP = 100;
/** Instants that get a row of their own at one look; the oldest beyond that share one. */
const MOST_ROWS = 5_000;

export interface Accounted {
  readonly dueAt: number;
  /** More than 1: stands for all instants up to `lastDueAt`. */
  readonly instants: number;
  readonly lastDueAt: number;
  readonly state: Extract<TaskRunState, 'skipped' | 'missed' | 'running'>;
  readonly reason: string | null;
}

export interface AccountRequest {
  readonly schedule: Schedule;
  /** The first instant without a row, in milliseconds UTC. */
  readonly from: number;
  readonly now: number;
  readonly misfire: MisfirePolicy;
  readonly maxLatenessMs: number | null;
  /** Until then the task waits after failures. */
  readonly backoffUntil: number | null;
  /** Why nothing of it runs, such as `paused`. */
  readonly onlySkip?: string;
}

export interface Account {
  /** In order of time; at most one is `running`, and then it is the last. */
  readonly rows: readonly Accounted[];
  /** The first instant after them; undefined when none comes any more. */
  readonly next: number | undefined;
}

/** Accounts for the instants from `from` up to `now`; stops after the one that runs. */
export function accountFor(request: AccountRequest): Account {
  const { schedule, now } = request;
  const due = dueInstants(request);
  const rows: Accounted[] = [];
  const { head } = due;
  if (head !== undefined) {
    const reason = `nobody looked for long: ${head.instants} instants before the last ${MOST_ROWS} are told in one row`;
    rows.push({
      ...head,
      state: request.onlySkip === undefined ? 'missed' : 'skipped',
      reason: request.onlySkip ?? reason,
    });
  }
  for (const [at, dueAt] of due.instants.entries()) {
    const verdict = judge(request, dueAt, due.instants.length - at - 1);
    rows.push({ dueAt, instants: 1, lastDueAt: dueAt, ...verdict });
    if (verdict.state === 'running') return { rows, next: schedule.next(dueAt) };
  }
  return { rows, next: schedule.next(now) };
}

type Verdict = Pick<Accounted, 'state' | 'reason'>;

/** `younger`: how many due instants come after this one. */
function judge(request: AccountRequest, dueAt: number, younger: number): Verdict {
  const { now, misfire, maxLatenessMs, backoffUntil, onlySkip } = request;
  if (onlySkip !== undefined) return { state: 'skipped', reason: onlySkip };
  if (backoffUntil !== null && dueAt < backoffUntil) {
    return { state: 'skipped', reason: `waits until ${iso(backoffUntil)}, because the last runs failed` };
  }
  const late = now - dueAt;
  const lateness = `${Math.round(late / 1000)} s late`;
  if (maxLatenessMs !== null && late > maxLatenessMs) {
    return { state: 'missed', reason: `${lateness}, more than the ${maxLatenessMs / 1000} s allowed` };
  }
  if (misfire === 'once' && younger > 0) {
    return { state: 'skipped', reason: `${lateness}; the policy once runs the last of those that are due together` };
  }
  if (misfire === 'all' && younger >= MOST_CAUGHT_UP) {
    return { state: 'missed', reason: `${lateness}; only the last ${MOST_CAUGHT_UP} are caught up with` };
  }
  if (misfire === 'skip' && (late > ON_TIME_MS || younger > 0)) {
    return { state: 'skipped', reason: `${lateness}; the policy skip runs what is on time only` };
  }
  return { state: 'running', reason: late > ON_TIME_MS ? `caught up ${lateness}` : null };
}

interface Due {
  readonly head: Omit<Accounted, 'state' | 'reason'> | undefined;
  readonly instants: readonly number[];
}

/** The due instants; the oldest of very many counted only. */
function dueInstants({ schedule, from, now }: AccountRequest): Due {
  let instants: number[] = [];
  let head: Due['head'];
  for (let at: number | undefined = from; at !== undefined && at <= now; at = schedule.next(at)) {
    instants.push(at);
    if (instants.length < 2 * MOST_ROWS) continue;
    head = grown(head, instants.slice(0, MOST_ROWS));
    instants = instants.slice(MOST_ROWS);
  }
  if (instants.length <= MOST_ROWS) return { head, instants };
  const over = instants.length - MOST_ROWS;
  return { head: grown(head, instants.slice(0, over)), instants: instants.slice(over) };
}

function grown(head: Due['head'], more: readonly number[]): Due['head'] {
  const [first = 0] = more;
  return {
    dueAt: head?.dueAt ?? first,
    instants: (head?.instants ?? 0) + more.length,
    lastDueAt: more.at(-1) ?? first,
  };
}

const iso = (at: number): string => new Date(at).toISOString();
