/** Owns reading a line of the log, in either of the formats it is written in. Pure. */

export interface LogLine {
  /** ISO 8601; null for a line that is no record, such as the rest of a stack. */
  readonly at: string | null;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | null;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly raw: string;
}

const TEXT = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([A-Z]+) (.*)$/s;
/** `key="value"`, `key=12` at the end of a line; a value is JSON. */
const FIELD = / ([A-Za-z_][\w.]*)=("(?:[^"\\]|\\.)*"|[^\s"]+)/g;
const LEVELS: Readonly<Record<string, LogLine['level']>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'error',
};

export function readLogLine(raw: string): LogLine {
  return readJson(raw) ?? readText(raw) ?? { at: null, level: null, message: raw, fields: [], raw };
}

function readText(raw: string): LogLine | undefined {
  const [, at, level, rest] = TEXT.exec(raw) ?? [];
  if (at === undefined || level === undefined || rest === undefined) return undefined;
  const found = [...` ${rest}`.matchAll(FIELD)];
  // The fields are the end of the line: a message may have a sign of equality in it too.
  const fields = found.filter(({ index }) => isRestFields(` ${rest}`.slice(index)));
  const first = fields[0]?.index ?? rest.length + 1;
  return {
    at,
    level: LEVELS[level.toLowerCase()] ?? null,
    message: ` ${rest}`.slice(1, first),
    fields: fields.map(([, name = '', value = '']) => [name, plain(value)] as const),
    raw,
  };
}

function isRestFields(text: string): boolean {
  return text.replaceAll(FIELD, '').trim() === '';
}

function plain(value: string): string {
  try {
    const read: unknown = JSON.parse(value);
    return typeof read === 'string' ? read : value;
  } catch {
    return value;
  }
}

function readJson(raw: string): LogLine | undefined {
  if (!raw.startsWith('{')) return undefined;
  try {
    const { time, level, msg, pid: _pid, hostname: _host, ...rest } = JSON.parse(raw) as Record<string, unknown>;
    return {
      at: typeof time === 'string' ? time : null,
      level: LEVELS[String(level)] ?? null,
      message: typeof msg === 'string' ? msg : '',
      fields: Object.entries(rest).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
      raw,
    };
  } catch {
    return undefined;
  }
}

/** What joins the lines of one message, turn or conversation. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isId(value: string): boolean {
  return ID.test(value);
}
