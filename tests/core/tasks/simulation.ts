/** Owns a life of one task in simulated time: looks at irregular instants, a clock that is set forward and back, restarts that remember nothing but the ledger; and the count of what the ledger leaves out or has twice. */
import { type Accounted, accountFor } from '../../../src/core/tasks/account.ts';
import { readSchedule, type ScheduleSpec } from '../../../src/core/tasks/schedule.ts';
import type { MisfirePolicy } from '../../../src/core/store/tasks-schema.ts';

const DAY_MS = 86_400_000;

export interface Life {
  readonly spec: ScheduleSpec;
  readonly misfire: MisfirePolicy;
  readonly maxLatenessMs: number | null;
  /** How long it lives, in milliseconds. */
  readonly ms: number;
  /** How far the looks are apart at most, and how far the clock is set back or forward, in milliseconds. */
  readonly gapMs: number;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

export interface Verdict {
  /** Instants that came due. */
  readonly instants: number;
  /** Instants without a row, rows without an instant, and instants in two rows. */
  readonly wrong: number;
  readonly ran: number;
}

/** Lives it, and compares the ledger with every instant of the schedule. */
export function live(life: Life): Verdict {
  const { spec, gapMs, random } = life;
  const ledger: Accounted[] = [];
  let schedule = readSchedule(spec);
  let next = schedule.next(spec.anchor);
  let latest = spec.anchor;
  while (latest < spec.anchor + life.ms) {
    const now = latest + Math.floor(gapMs * random());
    latest = Math.max(latest, now);
    for (const at of [now, now - Math.floor(2 * DAY_MS * random()), now]) {
      if (random() < 0.02) schedule = readSchedule(spec);
      while (next !== undefined && next <= at) {
        const request = { schedule, from: next, now: at, misfire: life.misfire, backoffUntil: null };
        const account = accountFor({ ...request, maxLatenessMs: life.maxLatenessMs });
        for (const row of account.rows) ledger.push(row);
        next = account.next;
      }
    }
  }
  return compare(spec, ledger, latest);
}

function compare(spec: ScheduleSpec, ledger: readonly Accounted[], until: number): Verdict {
  const schedule = readSchedule(spec);
  let due = schedule.next(spec.anchor);
  let instants = 0;
  let wrong = 0;
  let ran = 0;
  for (const row of ledger) {
    if (row.dueAt !== due) wrong += 1;
    if (row.state === 'running') ran += 1;
    let last = row.dueAt;
    for (let count = 0; count < row.instants && due !== undefined; count += 1) {
      instants += 1;
      last = due;
      due = schedule.next(due);
    }
    if (last !== row.lastDueAt) wrong += 1;
  }
  for (; due !== undefined && due <= until; due = schedule.next(due)) wrong += 1;
  return { instants, wrong, ran };
}

/** A sequence that is the same for each seed (Park and Miller, 1988). */
export function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
