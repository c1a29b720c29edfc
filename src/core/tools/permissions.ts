/** Owns what a tool may want: its shape, its words for people, what is never granted, and what changed between two versions. */
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';

const NAME = z.string().min(1).max(200);

/** What a tool declares and, once approved, has. Nothing declared, nothing reachable. */
export const TOOL_PERMISSIONS = z.strictObject({
  /** Host patterns: `api.example.com`, `*.example.com`, `*`. */
  net: z.array(NAME).max(50).default([]),
  files: z
    .array(z.strictObject({ folder: NAME, mode: z.enum(['read', 'write']) }))
    .max(20)
    .default([]),
  /** Program names. */
  exec: z.array(NAME).max(20).default([]),
  /** Names of stored secrets, each for one host only. */
  secrets: z
    .array(z.strictObject({ name: NAME, host: NAME }))
    .max(20)
    .default([]),
  /** Services of claw itself: `memory`, `tools` and so on. */
  host: z.array(NAME).max(20).default([]),
});

export type ToolPermissions = z.infer<typeof TOOL_PERMISSIONS>;

export const NO_PERMISSIONS: ToolPermissions = { net: [], files: [], exec: [], secrets: [], host: [] };

/** Programs that run any code they are given: whoever may start one may do everything. */
const RUNS_ANYTHING =
  /^(?:(?:ba|da|z|k|c|tc|fi)?sh|node|deno|bun|python[\d.]*|perl|ruby|php|env|xargs|sudo|su|doas|ssh|busybox|awk|gawk|find|eval)$/;
/** A name or address, with a port or without. */
const HOST = /^(?:[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/iu;
const SECRET = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const PROGRAM = /^[A-Za-z0-9_.+][A-Za-z0-9_.+-]*$/;
const CLOSED_FOLDERS = [
  '/',
  '/etc',
  '/proc',
  '/sys',
  '/dev',
  '/boot',
  '/run',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/usr',
  '/var/lib',
  '/var/log',
  '/var/run',
  '/var/spool',
  '/System',
  '/Library',
  '/private/etc',
];

export function wantsNothing(permissions: ToolPermissions): boolean {
  return Object.values(permissions).every((list) => list.length === 0);
}

/** Everything that either of them wants, once. */
export function bothPermissions(a: ToolPermissions, b: ToolPermissions): ToolPermissions {
  const unique = <T>(list: readonly T[]): T[] => [
    ...new Map(list.map((entry) => [JSON.stringify(entry), entry])).values(),
  ];
  return {
    net: unique([...a.net, ...b.net]),
    files: unique([...a.files, ...b.files]),
    exec: unique([...a.exec, ...b.exec]),
    secrets: unique([...a.secrets, ...b.secrets]),
    host: unique([...a.host, ...b.host]),
  };
}

/** One plain sentence per permission. */
export function permissionWords(permissions: ToolPermissions): string[] {
  const { net, files, exec, secrets, host } = permissions;
  return [
    ...net.map((name) => (name === '*' ? 'reach any site on the internet' : `reach ${name} over the network`)),
    ...files.map(({ folder, mode }) => `${mode === 'read' ? 'read' : 'read and write'} files in ${folder}`),
    ...exec.map(
      (name) => `run the program ${name}${RUNS_ANYTHING.test(name) ? ' (which can do anything you can)' : ''}`,
    ),
    ...secrets.map(({ name, host: place }) => `have the secret ${name} sent to ${place}, without seeing it`),
    ...host.map((name) => `use claw's own ${name}`),
  ];
}

export interface PermissionChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What `to` wants that `from` did not, and the reverse, in words. */
export function permissionChange(from: ToolPermissions, to: ToolPermissions): PermissionChange {
  const [before, after] = [permissionWords(from), permissionWords(to)];
  return {
    added: after.filter((word) => !before.includes(word)),
    removed: before.filter((word) => !after.includes(word)),
  };
}

export interface PermissionLimits {
  /** The home of claw. */
  readonly home: string;
  /** Services that exist. */
  readonly services: () => readonly string[];
}

/** Why these permissions are granted to no tool at all; undefined when a person may decide. */
export function refusePermissions(permissions: ToolPermissions, limits: PermissionLimits): string | undefined {
  for (const { folder } of permissions.files) {
    const reason = refuseFolder(folder, limits.home);
    if (reason !== undefined) return reason;
  }
  // These names become words of the question a person answers: what is no plain name could say anything there.
  const program = permissions.exec.find((name) => !PROGRAM.test(name));
  if (program !== undefined) return `${JSON.stringify(program)} is no name of a program`;
  const place = permissions.net.find((name) => !isHostPattern(name));
  if (place !== undefined) return `${JSON.stringify(place)} is no host, no *.example.com and not *`;
  for (const { name, host } of permissions.secrets) {
    if (!SECRET.test(name)) return `${JSON.stringify(name)} is no name of a secret`;
    if (!HOST.test(host)) return `a secret is sent to one host, and ${JSON.stringify(host)} is none`;
  }
  const service = permissions.host.find((name) => !limits.services().includes(name));
  return service === undefined ? undefined : `claw has no service named ${JSON.stringify(service)} for tools`;
}

/** A wildcard stands below a domain of somebody: `*.com` would be everybody's. */
function isHostPattern(pattern: string): boolean {
  const below = pattern.startsWith('*.') ? pattern.slice(2) : undefined;
  if (below === undefined) return /^\*(:\d{1,5})?$/.test(pattern) || HOST.test(pattern);
  return HOST.test(below) && !below.startsWith('[') && /.\../.test(below);
}

function refuseFolder(folder: string, home: string): string | undefined {
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(folder)) return 'a folder has a name with control characters';
  if (folder.split('/').includes('..')) return `the folder ${folder} climbs out with ..`;
  if (!isAbsolute(folder)) return undefined;
  const place = normalize(folder).replace(/(?<=.)\/$/, '');
  const isSystem = CLOSED_FOLDERS.some(
    (closed) => place === closed || (closed !== '/' && place.startsWith(`${closed}/`)),
  );
  if (isSystem) return `the folder ${place} belongs to the system and is granted to no tool`;
  const holdsHome = `${home}/`.startsWith(`${place}/`);
  const isInHome = place.startsWith(`${home}/`) && !place.startsWith(join(home, 'groups/'));
  return holdsHome || isInHome ? `the folder ${place} holds claw's own files and is granted to no tool` : undefined;
}
