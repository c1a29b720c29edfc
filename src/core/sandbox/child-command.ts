/** Owns the command line of a process behind the wall, a tool's or the reader's of documents: Node's own permission model inside, bubblewrap with its filter of system calls around it, resource limits around both. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SpawnRequest } from './spawn.ts';
import type { Runtime } from './sandbox.ts';
import { systemCallFilter } from './system-call-filter.ts';

export interface ChildPrograms {
  /** This Node. */
  readonly node: string;
  /** Its shared libraries; it loads no other. */
  readonly libraries: readonly string[];
  /** Folder with the bundled child programs. */
  readonly folder: string;
  /** Absolute path, or undefined where it does not work. */
  readonly bubblewrap: string | undefined;
  /** util-linux's prlimit, or undefined. */
  readonly prlimit: string | undefined;
}

/** One layer that a test may leave out, to prove that others do not hide its absence. */
export type Layer = 'permission' | 'bubblewrap' | 'calls' | 'limits';

/** What runs inside: `reader` reads documents of strangers. */
export type ChildKind = Runtime | 'reader';

const MIB = 1024 * 1024;
/** Writable memory; a Node that idles has 600 MiB of it, nearly all untouched. */
const DATA_MIB = { quickjs: 960, node: 1_152, reader: 1_408 } as const;
/** A minute for a call, and ten seconds that calls before it may have taken. */
export const CPU_SECONDS = 70;
/** Optimising the engine while it starts took a third of the start; tools that compute for long still get it. */
const ENGINE_FLAGS = ['--wasm-tiering-budget=100000000'];
const HEAP_MIB = { quickjs: 96, node: 128, reader: 384 } as const;
/** What only one kind needs. The parsers of documents recurse deeply, and one of them is written with `__proto__`. */
const OWN_FLAGS = {
  quickjs: ['--disable-proto=delete', '--max-semi-space-size=1', ...ENGINE_FLAGS],
  node: ['--disable-proto=delete', '--max-semi-space-size=1'],
  reader: ['--stack-size=2000'],
} as const;

export function childCommand(
  programs: ChildPrograms,
  kind: ChildKind,
  without: ReadonlySet<Layer> = new Set(),
): SpawnRequest {
  const isWrapped = programs.bubblewrap !== undefined && !without.has('bubblewrap');
  const { folder } = programs;
  const node = isWrapped
    ? wrappedNode(kind, without)
    : [programs.node, ...nodeFlags(kind, folder, without), join(folder, `${kind}-child.js`)];
  const filter = isWrapped && !without.has('calls') ? systemCallFilter() : undefined;
  const filterFlags = filter === undefined ? [] : ['--seccomp', '3'];
  const wrapped = isWrapped ? [programs.bubblewrap, ...wrapperFlags(programs), ...filterFlags, '--', ...node] : node;
  const limited =
    programs.prlimit === undefined || without.has('limits') ? wrapped : [programs.prlimit, ...limits(kind), ...wrapped];
  const [program = '', ...args] = limited.filter((word) => word !== undefined);
  return { program, args, env: {}, cwd: programs.folder, ...(filter && { handed: filter }) };
}

/** This Node as it is seen from inside a wall that holds it as /node and the child programs in /claw. */
export function wrappedNode(kind: ChildKind, without: ReadonlySet<Layer> = new Set()): string[] {
  return ['/node', ...nodeFlags(kind, '/claw', without), `/claw/${kind}-child.js`];
}

function nodeFlags(kind: ChildKind, folder: string, without: ReadonlySet<Layer>): string[] {
  const permission = without.has('permission') ? [] : ['--permission', `--allow-fs-read=${folder}/`];
  return [
    ...permission,
    '--no-experimental-sqlite',
    '--no-addons',
    '--disable-sigusr1',
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${HEAP_MIB[kind]}`,
    '--no-warnings',
    ...OWN_FLAGS[kind],
  ];
}

/** No network, no other process, no file but these, no way to gain rights. */
function wrapperFlags({ node, libraries, folder }: ChildPrograms): string[] {
  const binds = [
    ...libraries.flatMap((file) => ['--ro-bind', file, file]),
    '--ro-bind',
    node,
    '/node',
    '--ro-bind',
    folder,
    '/claw',
  ];
  return [
    '--unshare-all',
    '--unshare-user',
    '--disable-userns',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    '--cap-drop',
    'ALL',
    '--uid',
    '65534',
    '--gid',
    '65534',
    '--hostname',
    'tool',
    ...binds,
    // There is no place to write to: a bomb of files finds none, and a tmpfs has no cap on their number.
    '--remount-ro',
    '/',
    '--chdir',
    '/claw',
  ];
}

/** No file is written, few descriptors, processor seconds, and writable memory. Not addresses: WebAssembly reserves 10 GiB of them to be fast and touches none. */
function limits(kind: ChildKind): string[] {
  return ['--core=0:0', '--fsize=0', '--nofile=256:256', `--cpu=${CPU_SECONDS}`, `--data=${DATA_MIB[kind] * MIB}`];
}

/** Shared objects of this Node, the loader first of all; the addons of this process are none of them. Takes milliseconds: once is enough. */
export function sharedLibraries(): string[] {
  const report = process.report.getReport() as unknown as { sharedObjects: string[] };
  return report.sharedObjects.filter((file) => file.startsWith('/') && /\.so(?:\.\d+)*$/.test(file));
}

/** The program in a folder where only root installs; undefined when it is not there. */
export function systemProgram(name: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin'].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the bundled child programs are there; without them there is no wall. */
export function hasChildPrograms(folder: string, kind: ChildKind = 'quickjs'): boolean {
  try {
    return readdirSync(folder).includes(`${kind}-child.js`);
  } catch {
    return false;
  }
}
