/** Owns the bubblewrap wall around a command: the system read-only, the granted folders, no network, no rights, nothing else. Source of the options: bubblewrap 0.8 manual. */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { systemProgram } from '../child-command.ts';
import type { FileRoot } from '../decide-path.ts';
import type { SpawnRequest } from '../spawn.ts';
import type { WallKind } from './grammars.ts';
import type { HiddenPath } from './hide-protected.ts';

export interface WalledCommand {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly wall: WallKind;
  /** Folders the program sees; `write` ones may be changed. */
  readonly roots: readonly FileRoot[];
  readonly hidden: readonly HiddenPath[];
}

/** The system's own folders. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** What programs need of /etc: the loader's cache, links of alternatives, certificates, the zone, names of users. */
const ETC =
  'ld.so.cache ld.so.conf ld.so.conf.d alternatives ssl pki ca-certificates localtime timezone passwd group nsswitch.conf magic mime.types locale.alias hostname'
    .split(' ')
    .map((name) => `/etc/${name}`);
/** People's files, and what other programs left. */
const PRIVATE = ['/home', '/root', '/tmp', '/var/tmp', '/srv', '/mnt', '/media', '/opt'];
const NAMESPACES =
  '--unshare-user --disable-userns --unshare-ipc --unshare-uts --unshare-cgroup-try --die-with-parent --new-session --clearenv --cap-drop ALL'.split(
    ' ',
  );
/** 64 MiB to write to. */
const EMPTY_PLACES = '--dev /dev --proc /proc --size 67108864 --tmpfs /tmp'.split(' ');
const LIMITS = [
  '--core=0:0',
  `--fsize=${256 * 1024 * 1024}`,
  '--nofile=1024:1024',
  '--cpu=300',
  `--as=${8 * 1024 ** 3}`,
];

/** The command line that runs `command` inside its wall, by absolute paths; undefined where bubblewrap is not installed. */
export function wallCommand(command: WalledCommand): SpawnRequest | undefined {
  const bubblewrap = systemProgram('bwrap');
  if (bubblewrap === undefined) return undefined;
  const prlimit = systemProgram('prlimit');
  const limited = prlimit === undefined ? [command.program] : [prlimit, ...LIMITS, '--', command.program];
  const variables = Object.entries(command.env).flatMap(([name, value]) => ['--setenv', name, value]);
  const view = command.wall === 'machine' ? machineView() : filesView();
  const binds = command.roots.flatMap(({ folder, mode }) => [
    mode === 'write' ? '--bind' : '--ro-bind',
    folder,
    folder,
  ]);
  const masks = command.hidden.flatMap(({ path, isFolder }) =>
    isFolder ? ['--perms', '0000', '--tmpfs', path] : ['--ro-bind', '/dev/null', path],
  );
  const args = [
    ...NAMESPACES,
    ...(command.wall === 'machine' ? [] : ['--unshare-pid']),
    ...(command.wall === 'network' ? [] : ['--unshare-net']),
    ...variables,
    ...view,
    ...binds,
    ...masks,
    '--remount-ro',
    '/',
    '--chdir',
    command.cwd,
    '--',
    ...limited,
    ...command.args,
  ];
  return { program: bubblewrap, args, env: {}, cwd: '/', argv0: basename(bubblewrap) };
}

/** Nothing but the system's programs, a few devices and an empty /tmp. */
function filesView(): string[] {
  const system = [...SYSTEM, ...ETC].filter((path) => existsSync(path));
  return [
    ...system.flatMap((path) =>
      isLink(path) && SYSTEM.includes(path) ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
    ),
    ...EMPTY_PLACES,
  ];
}

/** The machine as it is, without anybody's files. */
function machineView(): string[] {
  const closed = PRIVATE.filter((path) => existsSync(path) && !isLink(path));
  return ['--ro-bind', '/', '/', '--dev', '/dev', ...closed.flatMap((path) => ['--tmpfs', path])];
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}
