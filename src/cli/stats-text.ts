/** Owns what `claw stats` says to people. */
import type { statsJson } from '../core/retention/stats-json.ts';
import { megabytes } from './backup-flags.ts';
import { money } from './money.ts';
import { table } from './table.ts';

type Told = ReturnType<typeof statsJson>;

export function statsText(stats: Told): string {
  const { counts, tasks, deliveries, cost_usd: cost, disk, server } = stats;
  const count = ([kind, number]: [string, number]): { of: string; count: number } => ({
    of: kind.replaceAll('_', ' '),
    count: number,
  });
  const rows = [
    ...Object.entries(counts).map(count),
    ...Object.entries(tasks).map(([state, number]) => count([`tasks ${state}`, number])),
    ...Object.entries(deliveries).map(([state, number]) => count([`messages ${state}`, number])),
  ];
  const uptime = server.running ? `The server runs since ${server.uptime_seconds ?? 0} s.` : 'The server does not run.';
  return [
    table(rows),
    `Cost: ${money(cost.today)} today, ${money(cost.month)} this month.`,
    ...(disk === null ? [] : [diskText(disk)]),
    uptime,
  ].join('\n\n');
}

function diskText(disk: NonNullable<Told['disk']>): string {
  const groups = disk.tables.groups ?? [];
  const rows = [
    { what: 'database', size: megabytes(disk.database) },
    ...groups.map(({ group, bytes }) => ({ what: `  ${group}`, size: megabytes(bytes) })),
    { what: '  free', size: megabytes(disk.tables.free) },
    { what: 'log of the database', size: megabytes(disk.wal) },
    ...Object.entries(disk.folders).map(([what, bytes]) => ({ what, size: megabytes(bytes) })),
    { what: 'other', size: megabytes(disk.other) },
    { what: 'free on the disk', size: megabytes(disk.disk_free) },
  ];
  return table(rows);
}
