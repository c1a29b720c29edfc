/** Owns reading when something is to be done, in English and Korean: "in 10 minutes", "every weekday at 9:30 pm", "매일 아침 9시에", "30분마다". */

export interface When {
  readonly type: 'cron' | 'interval' | 'in';
  readonly value: string;
  /** The text without these words. */
  readonly rest: string;
}

type Reader = (match: readonly (string | undefined)[]) => Pick<When, 'type' | 'value'> | undefined;

const UNIT_EN: Readonly<Record<string, string>> = { s: 's', m: 'm', h: 'h', d: 'd' };
const UNIT_KO: Readonly<Record<string, string>> = { 초: 's', 분: 'm', 시간: 'h', 일: 'd' };
const DAYS_EN = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAYS_KO = '일월화수목금토';
const TIME_EN = String.raw`(\d{1,2})(?::(\d{2}))?\s*(a\.?m\.?|p\.?m\.?|o'clock)?`;
const TIME_KO = String.raw`(?:(오전|오후|아침|점심|낮|저녁|밤|새벽)\s*)?(\d{1,2})시(?:\s*(\d{1,2})분|\s*(반))?`;

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [
    /\b(in|every)\s+(an?|\d{1,5})\s*(second|sec|minute|min|hour|day)s?\b(?!\s+at\b)/i,
    ([, how, count = '', unit = '']) => ({
      type: how?.toLowerCase() === 'in' ? 'in' : 'interval',
      value: `${/^an?$/i.test(count) ? 1 : count}${UNIT_EN[unit.charAt(0).toLowerCase()] ?? ''}`,
    }),
  ],
  [/\bevery\s+(minute|hour)\b/i, ([, unit = '']) => ({ type: 'interval', value: `1${unit.charAt(0).toLowerCase()}` })],
  [
    new RegExp(
      String.raw`\b(?:every\s*(day|weekday|morning|evening|sun|mon|tues?|wed|wednes|thu|thurs|fri|sat|satur)(?:day)?|(daily))\s+at\s+${TIME_EN}(?!\d|:\d)`,
      'i',
    ),
    ([, day = 'day', , hour, minute, half]) => {
      const named = DAYS_EN.indexOf(day.slice(0, 3).toLowerCase());
      const weekday = /^weekday$/i.test(day) ? '1-5' : named === -1 ? '*' : String(named);
      const implied = half ?? (/^evening$/i.test(day) && Number(hour) < 12 ? 'pm' : /^morning$/i.test(day) ? 'am' : '');
      return daily(hourOf(Number(hour), implied), Number(minute ?? 0), weekday);
    },
  ],
  [
    /(\d{1,5})\s*(초|분|시간|일)\s*(?:후|뒤|있다가)에?(?=\s|$)/,
    ([, count, unit = '']) => ({ type: 'in', value: `${count}${UNIT_KO[unit] ?? ''}` }),
  ],
  [
    /(\d{1,5})\s*(초|분|시간|일)\s*마다(?=\s|$)/,
    ([, count, unit = '']) => ({ type: 'interval', value: `${count}${UNIT_KO[unit] ?? ''}` }),
  ],
  [/(?:매시간|매시)(?:마다)?(?=\s|$)/, () => ({ type: 'interval', value: '1h' })],
  [
    new RegExp(
      `(매일|날마다|평일(?:마다)?|(?:매주\\s*)?([일월화수목금토])요일(?:마다)?)\\s*${TIME_KO}\\s*(?:에|마다)?(?=\\s|$)`,
    ),
    ([, which = '', day, half = '', hour, minute, isHalfPast]) => {
      const weekday = which.startsWith('평일') ? '1-5' : day === undefined ? '*' : String(DAYS_KO.indexOf(day));
      // A day without 매주 or 마다 is one day, not every week.
      if (day !== undefined && !/매주|마다/.test(which)) return undefined;
      return daily(hourOf(Number(hour), half), isHalfPast === undefined ? Number(minute ?? 0) : 30, weekday);
    },
  ],
];

/** When it is to be done, and what is left of the text; undefined when it says no time that is understood. */
export function readWhen(text: string): When | undefined {
  for (const [pattern, reader] of READERS) {
    const match = pattern.exec(text);
    const when = match === null ? undefined : reader(match);
    if (match === null || when === undefined) continue;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    const rest = `${before.trim()} ${after.replace(/^[\s,:]+/, '')}`.replace(/[\s,:]+$/, '').trim();
    return { ...when, rest };
  }
  return undefined;
}

function daily(hour: number | undefined, minute: number, weekday: string): Pick<When, 'type' | 'value'> | undefined {
  if (hour === undefined || minute > 59) return undefined;
  return { type: 'cron', value: `${minute} ${hour} * * ${weekday}` };
}

/** The hour of 24; undefined for one that is none. */
function hourOf(hour: number, half: string): number | undefined {
  const isTwelve = hour <= 12 && hour > 0;
  if (/^(?:p|오후|저녁|점심|낮)/i.test(half)) return isTwelve ? afternoon(hour, half) : hour < 24 ? hour : undefined;
  // 밤 12시 is midnight, 밤 9시 the evening.
  if (half === '밤') return hour === 12 ? 0 : isTwelve && hour > 4 ? hour + 12 : hour < 24 ? hour : undefined;
  if (/^(?:a|오전|새벽)/i.test(half)) return isTwelve ? hour % 12 : hour === 0 ? 0 : undefined;
  return hour < 24 ? hour : undefined;
}

function afternoon(hour: number, half: string): number {
  // 낮 11시 is before noon.
  return /^(?:낮|점심)/.test(half) && hour >= 10 && hour < 12 ? hour : (hour % 12) + 12;
}
