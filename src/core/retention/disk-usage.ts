/** Owns how much of the disk a home takes: its files by what they are for, and its database by what is in it. It follows no link. */
import { lstat, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { HomePaths } from '../kernel/paths.ts';
import type { TableBytes } from '../store/stats-table.ts';

/** All in bytes. */
export interface DiskUsage {
  readonly database: number;
  /** The log beside the database. */
  readonly wal: number;
  readonly folders: Readonly<Record<string, number>>;
  /** Everything else in the home. */
  readonly other: number;
  /** What is left on the disk of the home. */
  readonly disk_free: number;
}

/** `backups`: the folder that backups are written to, which may lie elsewhere. */
export async function diskUsage(paths: HomePaths, backups: string): Promise<DiskUsage> {
  const { home, spool, logs, knowledge, groups, tools, skills, run } = paths;
  const named = { spool, backups, logs, knowledge, groups, tools, skills, run };
  const folders: Record<string, number> = {};
  for (const [name, path] of Object.entries(named)) folders[name] = await bytesIn(path);
  const known = new Set([...Object.values(named), paths.database, `${paths.database}-wal`]);
  let other = 0;
  for (const name of await readdir(home)) if (!known.has(join(home, name))) other += await bytesIn(join(home, name));
  const { bavail, bsize } = await statfs(home);
  return {
    database: await bytesIn(paths.database),
    wal: await bytesIn(`${paths.database}-wal`),
    folders,
    other,
    disk_free: bavail * bsize,
  };
}

/** Of a file, or of everything in a folder; 0 for what is not there. */
async function bytesIn(path: string): Promise<number> {
  const info = await lstat(path).catch(() => undefined);
  if (info === undefined || info.isSymbolicLink()) return 0;
  if (!info.isDirectory()) return info.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await bytesIn(join(path, name));
  return bytes;
}

/** What the tables are for; those of no group are `other`. */
const GROUPS: readonly (readonly [group: string, tables: RegExp])[] = [
  ['search', /_index(_|$)/],
  ['conversations', /^(conversation|messages$|turns$|tool_calls$|compactions$|delegations$|learning_)/],
  ['deliveries', /^(inbound_|outbox_|delivery_|webhook_deliveries$)/],
  ['costs', /^(model_calls$|call_sums$|route_|budget)/],
  ['knowledge', /^knowledge_/],
  ['memory', /^memor/],
  ['tasks', /^task/],
  ['tools', /^(tool_versions$|approval|marketplace_)/],
  ['audit', /^audit_/],
];

/** The tables' bytes by what they are for, the largest first. */
export function groupTables(tables: readonly TableBytes[]): { group: string; bytes: number }[] {
  const sums = new Map<string, number>();
  for (const { name, bytes } of tables) {
    const [group] = GROUPS.find(([, matches]) => matches.test(name)) ?? ['other'];
    sums.set(group, (sums.get(group) ?? 0) + bytes);
  }
  return [...sums].map(([group, bytes]) => ({ group, bytes })).toSorted((a, b) => b.bytes - a.bytes);
}
