import { defineTool, z } from 'claw/tool';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What a Date can hold. */
const MAX_INSTANT = 8.64e15;

const PARTS: readonly (readonly [ms: number, letter: string, names: RegExp])[] = [
  [7 * DAY, 'w', /^(?:w|weeks?|주|주일)$/],
  [DAY, 'd', /^(?:d|days?|일)$/],
  [HOUR, 'h', /^(?:h|hrs?|hours?|시간)$/],
  [MINUTE, 'm', /^(?:m|mins?|minutes?|분)$/],
  [SECOND, 's', /^(?:s|secs?|seconds?|초)$/],
  [1, 'ms', /^(?:ms|milliseconds?|밀리초)$/],
];

/** Milliseconds of `1h 30m`, `90 seconds`, `2시간 5분`, `1:30:00`, `PT1H30M` or a bare number of seconds. */
function readDuration(text: string): number {
  const plain = text.trim().toLowerCase();
  if (/^\d+(?:\.\d+)?$/.test(plain)) return inRange(Number(plain) * SECOND);
  const clock = /^(?:(\d+):)?([0-5]?\d):([0-5]\d(?:\.\d+)?)$/.exec(plain);
  if (clock !== null) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock;
    return inRange(Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND);
  }
  const iso = /^p(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?)?$/.exec(plain);
  if (iso !== null && /\d/.test(plain) && !plain.endsWith('t')) {
    const [, ...numbers] = iso;
    return inRange(numbers.reduce((sum, number, index) => sum + Number(number ?? 0) * (PARTS[index]?.[0] ?? 0), 0));
  }
  const pieces = [...plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z가-힣]+)/g)];
  const rest = plain
    .replace(/(\d+(?:\.\d+)?)\s*([a-z가-힣]+)/g, '')
    .replace(/,|\band\b/g, '')
    .trim();
  if (pieces.length === 0 || rest !== '')
    throw new Error(`${JSON.stringify(text)} is no duration such as 1h 30m, 90 seconds or 1:30:00`);
  let total = 0;
  const seen = new Set<number>();
  for (const [, number = '', name = ''] of pieces) {
    const part = PARTS.find(([, , names]) => names.test(name));
    if (part === undefined)
      throw new Error(`${JSON.stringify(name)} is no unit of time; months and years have no fixed length`);
    if (seen.has(part[0])) throw new Error(`${JSON.stringify(text)} says ${name} twice`);
    seen.add(part[0]);
    total += Number(number) * part[0];
  }
  return inRange(total);
}

function inRange(ms: number): number {
  if (ms > MAX_INSTANT) throw new Error('this is longer than a calendar reaches');
  return Math.round(ms);
}

/** Milliseconds UTC of an ISO 8601 instant; a date alone begins at 00:00 UTC. */
function readInstant(text: string): number {
  const pattern = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?\s?(Z|[+-]\d\d:?\d\d))?$/i;
  const match = pattern.exec(text.trim());
  if (match === null) {
    const hint = /\d:\d\d/.test(text) ? 'with its offset from UTC' : '';
    throw new Error(`${JSON.stringify(text)} is no instant such as 2026-12-24T18:00:00+09:00 ${hint}`.trim());
  }
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = match;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(y, mo - 1, d);
  date.setUTCHours(h, mi, s, Number(fraction.padEnd(3, '0')));
  const isReal = date.getUTCMonth() === mo - 1 && date.getUTCDate() === d && h < 24 && mi < 60 && s < 60;
  if (!isReal) throw new Error(`${JSON.stringify(text)} is not in any calendar`);
  const [offsetHours, offsetMinutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (zone.toUpperCase() === 'Z') return date.getTime();
  if (offsetHours > 14 || offsetMinutes > 59) throw new Error(`${zone} is no offset from UTC`);
  return date.getTime() - (zone.startsWith('-') ? -1 : 1) * (offsetHours * HOUR + offsetMinutes * MINUTE);
}

/** `1d 2h 3m 4.5s`; what is zero is left out. */
function inWords(ms: number): string {
  const words: string[] = [];
  let rest = Math.abs(ms);
  for (const [size, letter] of PARTS.slice(1, 4)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count}${letter}`);
  }
  if (rest > 0 || words.length === 0) words.push(`${rest / SECOND}s`);
  return words.join(' ');
}

/** An instant; throws for one that no calendar has. */
function iso(ms: number): string {
  if (Math.abs(ms) > MAX_INSTANT) throw new Error('this is further away than a calendar reaches');
  return new Date(ms).toISOString();
}

function span(ms: number): { seconds: number; words: string } {
  return { seconds: ms / SECOND, words: inWords(ms) };
}

interface Input {
  duration?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`this action needs ${name}`);
  return value;
}

const ACTIONS: Readonly<Record<string, (input: Input, now: number) => unknown>> = {
  start({ duration, from }, now) {
    const begun = from === undefined ? now : readInstant(from);
    if (duration === undefined) return { started_at: iso(begun) };
    const ms = readDuration(duration);
    return { started_at: iso(begun), ends_at: iso(begun + ms), ...span(ms) };
  },
  check({ duration, from }, now) {
    const begun = readInstant(needed(from, 'from, the started_at of the timer'));
    const elapsed = now - begun;
    if (duration === undefined) return { elapsed: span(elapsed) };
    const left = readDuration(duration) - elapsed;
    return { elapsed: span(elapsed), remaining: span(Math.max(0, left)), is_over: left <= 0 };
  },
  countdown({ to }, now) {
    const left = readInstant(needed(to, 'to')) - now;
    return left >= 0 ? { is_over: false, ...span(left) } : { is_over: true, over_for: span(-left) };
  },
  between({ from, to }) {
    const ms = readInstant(needed(to, 'to')) - readInstant(needed(from, 'from'));
    return { is_backwards: ms < 0, ...span(Math.abs(ms)) };
  },
  convert: ({ duration }) => span(readDuration(needed(duration, 'duration'))),
};

export default defineTool({
  name: 'timer',
  description:
    'Stopwatch and countdown: start tells when a duration ends, check what is left of it, countdown the time until an instant, between the time from one to another, convert the seconds of a duration. It keeps nothing and does not ring.',
  input: z.object({
    action: z.enum(['start', 'check', 'countdown', 'between', 'convert']),
    duration: z.string().min(1).max(100).optional().describe('1h 30m, 90 seconds, 1:30:00, PT5M, 2시간.'),
    from: z
      .string()
      .max(40)
      .optional()
      .describe('ISO 8601 with offset: 2026-12-24T18:00:00+09:00; for check the started_at.'),
    to: z.string().max(40).optional().describe('ISO 8601.'),
  }),
  idempotent: true,
  examples: [
    { input: { action: 'convert', duration: '1h 30m' }, output: { seconds: 5400, words: '1h 30m' } },
    {
      input: { action: 'start', from: '2026-01-01T00:00:00Z', duration: '25 minutes' },
      output: {
        started_at: '2026-01-01T00:00:00.000Z',
        ends_at: '2026-01-01T00:25:00.000Z',
        seconds: 1500,
        words: '25m',
      },
    },
    {
      input: { action: 'between', from: '2026-02-28', to: '2026-03-01T09:00:00+09:00' },
      output: { is_backwards: false, seconds: 86400, words: '1d' },
    },
  ],
  run: ({ action, ...input }) => ACTIONS[action]?.(input, Date.now()),
});
