/** Owns reading a database that another program made: a copy of it, any schema, any content. Promises: the schema's own code (views, triggers, virtual tables) is never used, one bad page ends its table and not the program. */
import Sqlite from 'better-sqlite3';
import { toError } from '../../kernel/errors.ts';

/** Integers beyond 2^53 come as their decimal text. */
export type ForeignValue = string | number | Buffer | null;

export interface ForeignRow {
  readonly values: Readonly<Record<string, ForeignValue>>;
  /** Columns whose value was longer than `maxBytes` and is null here. */
  readonly tooLong: readonly string[];
}

export interface ForeignRows {
  /** Columns by which the rows are ordered; those that do not exist are left out. */
  readonly orderBy?: readonly string[];
  /** Columns to read; all when absent, those that do not exist are left out. */
  readonly columns?: readonly string[];
  /** Told why the table ends before its end. */
  readonly onDamage?: (reason: string) => void;
}

export interface ForeignDatabase {
  /** The plain tables there are, with the names of their columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** `PRAGMA user_version`. */
  readonly userVersion: number;
  /** Rows one after the other; nothing for a table that does not exist. Several may be read at the same time. */
  rows(table: string, options?: ForeignRows): Generator<ForeignRow, void, undefined>;
  /** Undefined when the table does not exist or cannot be counted. */
  count(table: string): number | undefined;
  close(): void;
}

/** What SQLite itself may take while it reads one database, in bytes of its page cache. */
const CACHE_KIB = 8 * 1024;

/** Opens the copy at `file`; a `-wal` beside it counts. `maxBytes`: of one value. Throws `SqliteError` for what is no database. */
export function openForeignDatabase(file: string, { maxBytes }: { readonly maxBytes: number }): ForeignDatabase {
  // Writable, because a log beside it has to be taken in; it is a copy.
  const main = open(file);
  const opened = new Set([main]);
  try {
    const tables = readTables(main);
    return {
      tables,
      userVersion: Number(main.pragma('user_version', { simple: true })),
      rows: (table, options = {}) => readRows(file, opened, selectOf(tables, table, options, maxBytes), options),
      count: (table) => (tables.has(table) ? countRows(main, table) : undefined),
      close: () => opened.forEach((each) => each.close()),
    };
  } catch (error) {
    main.close();
    throw error;
  }
}

function open(file: string): Sqlite.Database {
  const database = new Sqlite(file, { fileMustExist: true, timeout: 1_000 });
  try {
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    database.pragma('query_only = ON');
    database.pragma(`cache_size = -${CACHE_KIB}`);
    database.defaultSafeIntegers(true);
    database.exec('select count(*) from sqlite_schema');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLite itself writes `CREATE TABLE ` so for every plain table; whoever writes into the schema by hand can spell a virtual one in many ways. */
function readTables(database: Sqlite.Database): Map<string, readonly string[]> {
  const names = database
    .prepare<[], string>(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and sql like 'create table %'",
    )
    .pluck()
    .all();
  const columns = database.prepare<[string], string>('select name from pragma_table_xinfo(?) where hidden = 0').pluck();
  return new Map(names.map((name) => [name, columns.all(name)]));
}

interface Select {
  readonly sql: string;
  readonly columns: readonly string[];
}

/** Values that are too long are not even loaded. */
function selectOf(
  tables: ReadonlyMap<string, readonly string[]>,
  table: string,
  { columns: wanted, orderBy = [] }: ForeignRows,
  maxBytes: number,
): Select | undefined {
  const there = tables.get(table);
  const columns = there?.filter((name) => wanted?.includes(name) ?? true) ?? [];
  if (there === undefined || columns.length === 0) return undefined;
  const parts = columns.flatMap((name, index) => {
    const isLong = `octet_length(${quoted(name)}) > ${maxBytes}`;
    return [`iif(${isLong}, null, ${quoted(name)}) as v${index}`, `${isLong} as l${index}`];
  });
  const order = orderBy.filter((name) => there.includes(name)).map(quoted);
  const sorted = order.length === 0 ? '' : ` order by ${order.join(', ')}`;
  return { sql: `select ${parts.join(', ')} from ${quoted(table)}${sorted}`, columns };
}

/** On a connection of its own, so that others can be read meanwhile. */
function* readRows(
  file: string,
  opened: Set<Sqlite.Database>,
  select: Select | undefined,
  { onDamage }: ForeignRows,
): Generator<ForeignRow, void, undefined> {
  if (select === undefined) return;
  const database = open(file);
  opened.add(database);
  try {
    for (const raw of database.prepare<[], unknown[]>(select.sql).raw().iterate()) yield rowOf(select.columns, raw);
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    onDamage?.(toError(error).message);
  } finally {
    opened.delete(database);
    database.close();
  }
}

function rowOf(columns: readonly string[], raw: readonly unknown[]): ForeignRow {
  const tooLong: string[] = [];
  const values: Record<string, ForeignValue> = Object.create(null) as Record<string, ForeignValue>;
  columns.forEach((name, index) => {
    values[name] = valueOf(raw[2 * index]);
    if (raw[2 * index + 1] === 1n) tooLong.push(name);
  });
  return { values, tooLong };
}

function valueOf(raw: unknown): ForeignValue {
  if (typeof raw !== 'bigint') return raw as ForeignValue;
  const number = Number(raw);
  return Number.isSafeInteger(number) ? number : String(raw);
}

function countRows(database: Sqlite.Database, table: string): number | undefined {
  try {
    return Number(
      database
        .prepare<[], bigint>(`select count(*) from ${quoted(table)}`)
        .pluck()
        .get() ?? 0n,
    );
  } catch {
    return undefined;
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
