/** Owns the decision whether a folder of this machine may be mounted into a container. Only an allowlist file that the operator keeps outside every mount opens anything; the real path decides, and names are compared by component. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { z } from 'zod';
import { ClawError, toError } from '../kernel/errors.ts';
import { type FileMode, foldName, refuseNames } from './protected-names.ts';

/** The file's shape is NanoClaw's, so that an existing one can be taken over. */
const ALLOWLIST = z.object({
  allowedRoots: z.array(
    z.object({
      path: z.string().min(1),
      allowReadWrite: z.boolean().default(false),
      description: z.string().optional(),
    }),
  ),
  /** Names of files or folders that are never mounted, besides claw's own list. */
  blockedPatterns: z.array(z.string().min(1)).default([]),
  /** Rooms other than the main one get everything read-only. */
  nonMainReadOnly: z.boolean().default(true),
});

export type MountAllowlist = z.infer<typeof ALLOWLIST> & { readonly file: string };

export interface MountQuestion {
  /** Absolute, or from `~`. */
  readonly path: string;
  readonly mode: FileMode;
  readonly isMainRoom: boolean;
  /** Undefined: there is no file, so nothing is mounted. */
  readonly allowlist: MountAllowlist | undefined;
  /** Claw's own home. */
  readonly home: string;
}

export type MountDecision =
  | { readonly decision: 'allow'; readonly reason: string; readonly path: string; readonly mode: FileMode }
  | { readonly decision: 'deny'; readonly reason: string };

/** Places of the system and sockets of its services. */
const CLOSED =
  /^\/(etc|proc|sys|dev|boot|run|bin|sbin|lib(32|64|x32)?|usr|var\/(run|lib|log|spool)|private\/etc|System)(\/|$)/;

/** The allowlist at `file`; undefined when it does not exist. Throws `config-invalid` when it cannot be read. */
export async function readMountAllowlist(file: string): Promise<MountAllowlist | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((toError(error) as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(file, error);
  });
  if (text === undefined) return undefined;
  try {
    return { ...ALLOWLIST.parse(JSON.parse(text)), file };
  } catch (error) {
    throw invalid(file, error);
  }
}

/** Decides on one mount; `path` of the answer is the real path to mount. */
export async function decideMount(question: MountQuestion): Promise<MountDecision> {
  const { allowlist } = question;
  if (allowlist === undefined) return deny('there is no mount allowlist file, so nothing is mounted');
  const asked = expandHome(question.path);
  if (!isAbsolute(asked) || asked.includes('\0') || asked.includes(':')) return deny('it is not an absolute path');
  const real = await realpath(asked).catch(() => undefined);
  if (real === undefined) return deny(`${asked} does not exist`);
  const reason =
    refuseByName(asked, allowlist) ??
    refuseByName(real, allowlist) ??
    (await refuseByPlace(real, allowlist.file, question.home));
  if (reason !== undefined) return deny(reason);
  for (const root of allowlist.allowedRoots) {
    const folder = await realpath(expandHome(root.path)).catch(() => undefined);
    if (folder === undefined || !isInside(folder, real)) continue;
    const isReadOnly = !root.allowReadWrite || (allowlist.nonMainReadOnly && !question.isMainRoom);
    if (question.mode === 'write' && isReadOnly) {
      return { decision: 'allow', reason: `${folder} is allowed for reading only`, path: real, mode: 'read' };
    }
    return { decision: 'allow', reason: `it lies in ${folder}, which is allowed`, path: real, mode: question.mode };
  }
  return deny(`${real} lies in no folder of the allowlist`);
}

function refuseByName(path: string, { blockedPatterns }: MountAllowlist): string | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  const blocked = new Set(blockedPatterns.map(foldName));
  const hit = parts.find((part) => blocked.has(foldName(part)));
  return hit === undefined ? refuseNames(parts, 'read') : `${JSON.stringify(hit)} is blocked by the allowlist file`;
}

async function refuseByPlace(real: string, allowlistFile: string, home: string): Promise<string | undefined> {
  if (real === '/' || CLOSED.test(real)) return `${real} belongs to the system`;
  const [file, ownHome] = await Promise.all([allowlistFile, home].map((path) => realpath(path).catch(() => path)));
  if (file !== undefined && isInside(real, file)) return 'it holds the allowlist file itself';
  if (ownHome !== undefined && (isInside(real, ownHome) || isInside(ownHome, real)))
    return 'it holds or lies in the home of claw';
  const facts = await stat(real);
  return facts.isDirectory() || facts.isFile() ? undefined : `${real} is a device, pipe or socket`;
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!/^\.\.(\/|$)/.test(way) && !isAbsolute(way));
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

function deny(reason: string): MountDecision {
  return { decision: 'deny', reason };
}

function invalid(file: string, cause: unknown): ClawError {
  return new ClawError('config-invalid', `The mount allowlist ${file} cannot be read.`, {
    hint: 'It is JSON: {"allowedRoots":[{"path":"~/projects","allowReadWrite":false}]}.',
    cause,
  });
}
