/** Loaded into a claw under test with `--import`: ends the process with SIGKILL at one chosen write to the database, before or after it happens, or lists the writes that happen. It is the only part of the crash tests that runs inside claw. */
import { appendFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** `name:count:before` or `name:count:after`: the write of that name, counted from 1. */
const target = process.env['CRASH_AT']?.match(/^(.+):(\d+):(before|after)$/);
const trace = process.env['CRASH_TRACE'];
const counts = new Map<string, number>();

/** `insert turns`, `update outbox_messages`, `commit`; undefined for what writes nothing. */
function nameOf(sql: string): string | undefined {
  const text = sql.trim().toLowerCase();
  if (text.startsWith('commit')) return 'commit';
  const [, verb, table] =
    /^(insert|update|delete)\s+(?:or\s+\w+\s+)?(?:into\s+|from\s+)?"?([a-z_]+)"?/.exec(text) ?? [];
  return verb === undefined || table === undefined ? undefined : `${verb} ${table}`;
}

function at(name: string, when: 'before' | 'after'): void {
  if (when === 'before') {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (trace !== undefined) appendFileSync(trace, `${name}\n`);
  }
  if (target?.[1] !== name || target[3] !== when || counts.get(name) !== Number(target[2])) return;
  process.kill(process.pid, 'SIGKILL');
}

type Call = (...values: unknown[]) => unknown;

const original = Sqlite.prototype.prepare;
Sqlite.prototype.prepare = function prepare(this: Sqlite.Database, sql: string) {
  const statement = original.call(this, sql);
  const name = nameOf(sql);
  if (name === undefined) return statement;
  for (const method of ['run', 'all', 'get'] as const) {
    const call = statement[method].bind(statement) as Call;
    const watched: Call = (...values) => {
      at(name, 'before');
      const result = call(...values);
      at(name, 'after');
      return result;
    };
    Object.defineProperty(statement, method, { value: watched });
  }
  return statement;
} as typeof original;
