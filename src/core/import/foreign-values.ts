/** Owns taking values out of data that another program wrote: every function takes anything, answers undefined (or nothing) for what has another shape, and never throws. Pure. */

export type Fields = Readonly<Record<string, unknown>>;

/** Characters of one text that are taken over; more is cut, with a line that says so. */
const MAX_TEXT = 200_000;

/** The value as an object with named fields; undefined for lists and everything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** What stands at `path`, through own fields only. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    const fields = fieldsOf(at);
    at = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  }
  return at;
}

/** The first of the fields that has a value other than null: programs rename their fields. */
export function firstOf(value: unknown, ...names: readonly string[]): unknown {
  return names.map((name) => valueAt(value, name)).find((each) => each !== undefined && each !== null);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Own fields of an object as pairs. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  const fields = fieldsOf(value);
  return fields === undefined ? [] : Object.entries(fields);
}

/** Text as it may be stored: well-formed Unicode without NUL, at most `MAX_TEXT` characters; numbers as they are written; undefined for anything else and for nothing but space. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.toWellFormed().replaceAll('\0', '');
  if (text.trim() === '') return undefined;
  return text.length <= MAX_TEXT
    ? text
    : `${text.slice(0, MAX_TEXT).toWellFormed()}\n[Cut: ${text.length} characters.]`;
}

/** A name on one line of at most `length` characters. */
export function lineOf(value: unknown, length = 200): string | undefined {
  const line = textOf(value)
    ?.replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === undefined || line === '' ? undefined : line.slice(0, length).toWellFormed();
}

/** True and false, also as 1, 0, "true" and "false". */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const written = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (written === 1 || written === 1n || written === 'true' || written === '1') return true;
  return written === 0 || written === 0n || written === 'false' || written === '0' ? false : undefined;
}

/** 2001 to 2100: what lies outside is no instant of a chat. */
const EARLIEST = Date.UTC(2001, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Milliseconds UTC of an ISO time (without an offset: UTC, as SQLite writes it), of milliseconds or of seconds; undefined for what is no instant between 2001 and 2100. */
export function instantOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? instantOfText(value.trim()) : instantOfNumber(Number(value ?? Number.NaN));
  return at !== undefined && at >= EARLIEST && at < LATEST ? at : undefined;
}

function instantOfNumber(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  // Seconds of 2001 to 2100 have ten digits, milliseconds thirteen.
  return Math.floor(value < 1e11 ? value * 1000 : value);
}

function instantOfText(text: string): number | undefined {
  if (/^\d{10,13}(\.\d+)?$/.test(text)) return instantOfNumber(Number(text));
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || text.length > 40) return undefined;
  const iso = text.replace(' ', 'T');
  const at = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isNaN(at) ? undefined : at;
}
