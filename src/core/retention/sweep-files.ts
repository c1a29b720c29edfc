/** Owns which files of a home go by their age. It looks at plain files of folders that are claw's own, and follows no link. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface Sweep {
  readonly folder: string;
  readonly isMeant: (name: string) => boolean;
  /** Files last written before that instant (milliseconds UTC) go; 0: none. */
  readonly limit: number;
  /** Newest files that stay, however old. */
  readonly keep?: number;
  /** Paths that stay. */
  readonly needed?: ReadonlySet<string>;
  readonly isTrial: boolean;
}

/** Takes the files away; a folder that is not there has none. */
export async function sweepFiles(sweep: Sweep): Promise<{ rows: number; bytes: number }> {
  const { folder, isMeant, limit, keep = 0, needed, isTrial } = sweep;
  const gone = { rows: 0, bytes: 0 };
  if (limit === 0) return gone;
  const files: { path: string; at: number; bytes: number }[] = [];
  for (const name of (await readdir(folder).catch(() => [])).filter(isMeant)) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() === true) files.push({ path, at: found.mtimeMs, bytes: found.size });
  }
  files.sort((a, b) => b.at - a.at);
  for (const { path, at, bytes } of files.slice(keep)) {
    if (at >= limit || needed?.has(path) === true) continue;
    if (!isTrial) await rm(path, { force: true });
    gone.rows += 1;
    gone.bytes += bytes;
  }
  return gone;
}

/** What an upgrade of the schema wrote before it began. */
export const isSnapshot = (name: string): boolean => /^before-migration-\d+-to-\d+-[\d-]+\.db$/.test(name);

/** The file at `path`, and the older ones beside it: `name.1`. */
export function withOlder(path: string): Pick<Sweep, 'folder' | 'isMeant'> {
  const name = basename(path);
  return { folder: dirname(path), isMeant: (each) => each === name || each === `${name}.1` };
}
