/** Owns schedules as people think of them - every day at a time, some weekdays, every so often - and as the API takes them. Pure. */

export const KINDS = ['daily', 'weekly', 'monthly', 'interval', 'once', 'cron'] as const;
export type Kind = (typeof KINDS)[number];

export const UNITS = ['m', 'h', 'd'] as const;
export type Unit = (typeof UNITS)[number];

/** `time`: `09:00`. `days`: 0 is Sunday. `day`: 1 to 31, or `L`, the last one. `at`: `2026-02-01T15:30`. */
export type Plan =
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekly'; readonly time: string; readonly days: readonly number[] }
  | { readonly kind: 'monthly'; readonly time: string; readonly day: string }
  | { readonly kind: 'interval'; readonly every: number; readonly unit: Unit }
  | { readonly kind: 'once'; readonly at: string }
  | { readonly kind: 'cron' };

export type ScheduleType = 'cron' | 'interval' | 'once';

const TIME = /^(\d{1,2}) (\d{1,2}) (\S+) \* (\S+)$/;
const INTERVAL = /^(\d{1,6})([mhd])$/;
const ANY_INTERVAL = /^(?:\d{1,12}(?:ms|[dhms])|\d{1,15}$)+$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** Of which type a text is; anything else is taken for cron, so that the server says what is wrong with it. */
export function typeOfText(text: string): ScheduleType {
  const value = text.trim();
  if (MOMENT.test(value)) return 'once';
  return ANY_INTERVAL.test(value) ? 'interval' : 'cron';
}

/** The plan behind a text, where it is one of those that people choose. */
export function planOf(text: string): Plan {
  const value = text.trim();
  const type = typeOfText(value);
  if (type === 'once') return { kind: 'once', at: value.replace(' ', 'T').slice(0, 16) };
  if (type === 'interval') {
    const [, every, unit] = INTERVAL.exec(value) ?? [];
    const found = UNITS.find((each) => each === unit);
    return found === undefined ? { kind: 'cron' } : { kind: 'interval', every: Number(every), unit: found };
  }
  return cronPlan(value);
}

function cronPlan(value: string): Plan {
  const [, minute, hour, day = '', weekday = ''] = TIME.exec(value) ?? [];
  if (minute === undefined || hour === undefined || Number(minute) > 59 || Number(hour) > 23) return { kind: 'cron' };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return { kind: 'daily', time };
  const days = weekdaysOf(weekday);
  if (day === '*' && days !== undefined) return { kind: 'weekly', time, days };
  const isDay = /^([1-9]|[12]\d|3[01]|L)$/.test(day);
  return isDay && weekday === '*' ? { kind: 'monthly', time, day } : { kind: 'cron' };
}

function weekdaysOf(text: string): number[] | undefined {
  const days: number[] = [];
  for (const part of text.split(',')) {
    const [, from, to = from] = /^([0-7])(?:-([0-7]))?$/.exec(part) ?? [];
    if (from === undefined) return undefined;
    for (let day = Number(from); day <= Number(to); day += 1) days.push(day % 7);
  }
  return [...new Set(days)].toSorted((a, b) => a - b);
}

/** The text of a plan as the API takes it; undefined for what has no other form than its text. */
export function textOf(plan: Plan): string | undefined {
  switch (plan.kind) {
    case 'daily':
      return `${cronTime(plan.time)} * * *`;
    case 'weekly':
      return `${cronTime(plan.time)} * * ${plan.days.length === 0 ? '*' : plan.days.toSorted((a, b) => a - b).join(',')}`;
    case 'monthly':
      return `${cronTime(plan.time)} ${plan.day} * *`;
    case 'interval':
      return `${plan.every}${plan.unit}`;
    case 'once':
      return plan.at;
    case 'cron':
      return undefined;
  }
}

function cronTime(time: string): string {
  const [hour = '0', minute = '0'] = time.split(':');
  return `${Number(minute)} ${Number(hour)}`;
}

/** What a kind begins with; what stands there stays when it is of that kind already. `now`: local, `2026-02-01T15:30`. */
export function beginKind(kind: Kind, text: string, now: string): string {
  const plan = planOf(text);
  const isOf = kind === 'cron' ? typeOfText(text) === 'cron' : plan.kind === kind;
  if (isOf || (kind === 'interval' && typeOfText(text) === 'interval')) return text;
  const time = 'time' in plan ? plan.time : '09:00';
  const begun: Readonly<Record<Kind, Plan>> = {
    daily: { kind: 'daily', time },
    weekly: { kind: 'weekly', time, days: [1, 2, 3, 4, 5] },
    monthly: { kind: 'monthly', time, day: '1' },
    interval: { kind: 'interval', every: 1, unit: 'h' },
    once: { kind: 'once', at: `${now.slice(0, 10)}T${time}` },
    cron: { kind: 'daily', time },
  };
  return textOf(begun[kind]) ?? text;
}

/** What is likely a mistake: a moment that is past, one that the clock skips, or running all the time. */
export type Mistake =
  | { readonly kind: 'past' }
  | { readonly kind: 'skipped'; readonly at: string }
  | { readonly kind: 'often'; readonly aDay: number };

const OFTEN_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** `times`: the next instants, ISO 8601, as the server gives them. */
export function mistakesOf(text: string, zone: string, times: readonly string[]): Mistake[] {
  const instants = times.map((time) => Date.parse(time));
  const [first] = instants;
  if (typeOfText(text) === 'once') {
    if (first === undefined) return [{ kind: 'past' }];
    const hasZone = /(Z|[+-]\d{2}:\d{2})$/i.test(text.trim());
    const shown = localTime(first, zone);
    const typed = text.trim().replace(' ', 'T').slice(0, 16);
    return hasZone || shown === undefined || shown === typed ? [] : [{ kind: 'skipped', at: shown }];
  }
  const gaps = instants.slice(1).map((at, place) => at - (instants[place] ?? at));
  const shortest = Math.min(...gaps);
  return shortest < OFTEN_MS ? [{ kind: 'often', aDay: Math.round(DAY_MS / Math.max(1, shortest)) }] : [];
}

/** `2026-03-29T03:30` by the wall clock of the zone; undefined for a zone that is none. */
export function localTime(at: number, zone: string): string | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(at);
    const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
    return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
  } catch {
    return undefined;
  }
}
