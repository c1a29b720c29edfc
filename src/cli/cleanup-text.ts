/** Owns what `claw cleanup` says to people. */
import type { reportJson } from '../core/retention/retention-json.ts';
import { megabytes } from './backup-flags.ts';
import { table } from './table.ts';

/** `freed`: bytes that the database file is smaller. */
export function cleanupText({ dry_run: isTrial, gone, ms }: ReturnType<typeof reportJson>, freed: number): string {
  const rows = gone.map(({ kind, rows: count, bytes }) => ({
    kind: kind.replaceAll('_', ' '),
    rows: count,
    size: bytes === 0 ? '' : megabytes(bytes),
  }));
  const done = isTrial ? 'This would go:' : `This went, in ${(ms / 1000).toFixed(1)} s:`;
  const what = rows.length === 0 ? 'Nothing is older than it is kept.' : `${done}\n${table(rows)}`;
  return freed === 0 ? what : `${what}\nThe database is ${megabytes(freed)} smaller.`;
}
