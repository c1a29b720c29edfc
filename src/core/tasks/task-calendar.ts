/** Owns when tasks run on the days of a calendar: what is planned by the scheduler's own schedules, and what the ledger says was. Promises: bounded, however often a task is due. Nothing here reads a clock. */
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';
import { scheduleOf } from './ledger.ts';
import type { Schedule } from './schedule.ts';
import { readZone } from './wall-clock.ts';

export interface CalendarItem {
  readonly taskId: string;
  /** `planned`, or what the ledger says. */
  readonly state: 'planned' | TaskRunRow['state'];
  /** Milliseconds UTC, ascending; at most `MOST_A_DAY` of them. */
  readonly at: readonly number[];
  /** There are more on this day than `at` has. */
  readonly isMore: boolean;
}

export interface CalendarDay {
  /** `2026-03-29`, by the wall clock of the zone. */
  readonly date: string;
  /** Milliseconds UTC; days with a change of the clock are 23 or 25 hours long. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly items: readonly CalendarItem[];
}

export interface CalendarRequest {
  /** Dates such as `2026-03-29`, both included. */
  readonly from: string;
  readonly to: string;
  /** IANA zone of the days. */
  readonly zone: string;
}

/** Instants of one task that a day lists. */
export const MOST_A_DAY = 50;
/** Instants of all tasks together; beyond it a day lists the first alone. */
const MOST_TOGETHER = 20_000;

/** The days from `from` to `to`. Throws `usage-invalid` for a wrong zone; the dates must be real ones. */
export function calendarDays({ from, to, zone }: CalendarRequest): CalendarDay[] {
  const name = readZone(zone);
  const last = Temporal.PlainDate.from(to);
  const days: CalendarDay[] = [];
  let date = Temporal.PlainDate.from(from);
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    const next = date.add({ days: 1 });
    days.push({ date: date.toString(), startsAt: startOf(date, name), endsAt: startOf(next, name), items: [] });
    date = next;
  }
  return days;
}

/** The days with what runs on them: of active tasks what is planned, of `runs` what was. A schedule that cannot be read has nothing planned. */
export function fillCalendar(
  days: readonly CalendarDay[],
  tasks: readonly TaskRow[],
  runs: readonly TaskRunRow[],
): CalendarDay[] {
  const filled = days.map((day) => ({ ...day, items: pastItems(day, runs) }));
  let left = MOST_TOGETHER;
  for (const task of tasks) {
    const schedule = plannedBy(task);
    if (schedule === undefined || task.next_at === null) continue;
    for (const day of filled) {
      const most = left > 0 ? MOST_A_DAY : 1;
      const item = plannedOn(day, { task, schedule, from: task.next_at }, most);
      if (item === undefined) continue;
      left -= item.at.length;
      day.items.push(item);
    }
  }
  return filled.map((day) => ({ ...day, items: day.items.toSorted((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0)) }));
}

interface Planned {
  readonly task: TaskRow;
  readonly schedule: Schedule;
  /** The first instant that has no row in the ledger yet. */
  readonly from: number;
}

function plannedOn({ startsAt, endsAt }: CalendarDay, planned: Planned, most: number): CalendarItem | undefined {
  const { task, schedule, from } = planned;
  const first = from >= startsAt ? from : schedule.next(startsAt - 1);
  const at: number[] = [];
  let next = first;
  while (next !== undefined && next < endsAt && at.length < most) {
    at.push(next);
    next = schedule.next(next);
  }
  if (at.length === 0) return undefined;
  return { taskId: task.id, state: 'planned', at, isMore: next !== undefined && next < endsAt };
}

function plannedBy(task: TaskRow): Schedule | undefined {
  if (task.state !== 'active' || task.next_at === null) return undefined;
  try {
    return scheduleOf(task);
  } catch {
    // The scheduler disables such a task when it is due, and says why.
    return undefined;
  }
}

function pastItems({ startsAt, endsAt }: CalendarDay, runs: readonly TaskRunRow[]): CalendarItem[] {
  const ofDay = runs.filter(({ due_at: at }) => at >= startsAt && at < endsAt);
  const groups = Map.groupBy(ofDay, ({ task_id: id, state }) => `${state} ${id}`);
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const at = rows.map(({ due_at }) => due_at).toSorted((a, b) => a - b);
    const isMore = at.length > MOST_A_DAY || rows.some(({ instants }) => instants > 1);
    return [{ taskId: first.task_id, state: first.state, at: at.slice(0, MOST_A_DAY), isMore }];
  });
}

function startOf(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}
