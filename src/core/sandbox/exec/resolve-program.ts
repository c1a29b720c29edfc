/** Owns the way from a program's name to the file that may be started: only from trusted folders, by real path, and only when nobody else could have put it there. */
import type { Stats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Where programs are looked for, in this order. */
export const TRUSTED_FOLDERS: readonly string[] = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
];

/** Where a link from a trusted folder may lead, besides the trusted folders. */
const LIBRARY_FOLDERS: readonly string[] = ['/usr/lib', '/usr/libexec', '/usr/local/lib', '/usr/share', '/lib'];

export type ProgramResolution =
  | { readonly kind: 'found'; readonly name: string; readonly path: string; readonly realName: string }
  | { readonly kind: 'missing'; readonly name: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Finds `name`. A copy in any trusted folder that others could have changed refuses the name as a whole. */
export async function resolveProgram(
  name: string,
  folders: readonly string[] = TRUSTED_FOLDERS,
): Promise<ProgramResolution> {
  if (name.includes('/'))
    return refuse(`${name} is a path; name the program alone, it is looked up in trusted folders`);
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/.test(name))
    return refuse(`${JSON.stringify(name)} is no name of a program`);
  let found: { path: string; realName: string } | undefined;
  for (const folder of folders) {
    const path = join(folder, name);
    if ((await lstat(path).catch(() => undefined)) === undefined) continue;
    const real = await realpath(path).catch(() => undefined);
    const reason = real === undefined ? `${path} leads nowhere` : await refuseFile(path, real, folders);
    if (reason !== undefined) return refuse(reason);
    found ??= { path, realName: basename(real ?? path) };
  }
  return found === undefined ? { kind: 'missing', name } : { kind: 'found', name, ...found };
}

async function refuseFile(path: string, real: string, folders: readonly string[]): Promise<string | undefined> {
  const trusted = await Promise.all(
    [...folders, ...LIBRARY_FOLDERS].map((folder) => realpath(folder).catch(() => folder)),
  );
  if (!trusted.some((folder) => real.startsWith(`${folder}/`)))
    return `${path} leads to ${real}, outside the trusted folders`;
  const file = await stat(real).catch(() => undefined);
  if (file === undefined || !file.isFile()) return `${real} is no regular file`;
  if ((file.mode & 0o111) === 0) return `${real} is not executable`;
  for (const part of new Set([real, ...parents(real), ...parents(path)])) {
    const reason = refuseOwner(part, await stat(part));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...parents(parent)];
}

function refuseOwner(path: string, stats: Stats): string | undefined {
  const self = process.geteuid?.() ?? 0;
  if (stats.uid !== 0 && stats.uid !== self) return `${path} belongs to another user (${stats.uid})`;
  if ((stats.mode & 0o002) !== 0) return `${path} can be changed by everyone`;
  if ((stats.mode & 0o020) !== 0) return `${path} can be changed by a group`;
  return undefined;
}

function refuse(reason: string): ProgramResolution {
  return { kind: 'refused', reason };
}
