/** Owns the walls of this machine: finds out once what works here, and runs every call behind the strongest of them. */
import { ClawError, toError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import {
  childCommand,
  type ChildPrograms,
  hasChildPrograms,
  type Layer,
  sharedLibraries,
  systemProgram,
} from './child-command.ts';
import { ChildPool } from './child-pool.ts';
import type { ContainerWall } from './container/container-wall.ts';
import type { Runtime, Sandbox, WallState } from './sandbox.ts';
import { systemCallFilter } from './system-call-filter.ts';
import { startToolProcess, type ToolCommand, type ToolProcess } from './tool-process.ts';

export interface ProcessSandboxOptions {
  /** Folder of the bundled child programs. */
  readonly folder: string;
  /** How long a warm child waits unused, in milliseconds; 0 keeps none. */
  readonly idleMs?: number;
  /** Layers left out, for the tests that prove each of them. */
  readonly without?: ReadonlySet<Layer>;
  /** Another wall for tools with runtime "node" where bubblewrap does not work. */
  readonly container?: ContainerWall;
}

/** What works here, and the process that proved it. */
interface Place {
  readonly programs: ChildPrograms;
  readonly first?: ToolProcess;
}

const IDLE_MS = 60_000;
/** A machine under load may fail once; a wall is never given up for that. */
const PROBES = 2;

export function createProcessSandbox(options: ProcessSandboxOptions): Sandbox {
  const { folder, idleMs = IDLE_MS, without = new Set<Layer>(), container } = options;
  // The first runtime that is asked for tells whether bubblewrap works, and that child serves the first call.
  let firstRuntime: Runtime = 'quickjs';
  const place = lazy(async () => {
    const found = await findPlace(folder, without, firstRuntime);
    if (found.first !== undefined) pool.add(found.first, firstRuntime);
    return found;
  });
  const start = async (runtime: Runtime): Promise<ToolProcess> => {
    const { programs } = await place();
    if (runtime === 'quickjs' || programs.bubblewrap !== undefined)
      return startToolProcess(childCommand(programs, runtime, without));
    return startToolProcess(await containerCommand(container));
  };
  const pool: ChildPool = new ChildPool(start, idleMs);
  return {
    async run(request) {
      if (place.made() === undefined) firstRuntime = request.runtime;
      await place();
      return pool.run(request);
    },
    walls: async () => {
      const programs = await place().then((found) => found.programs, toError);
      return [...describeWalls(programs), ...(await describeContainer(container, programs))];
    },
    close: async () => {
      await pool.close();
      await container?.close();
    },
  };
}

async function containerCommand(container: ContainerWall | undefined): Promise<ToolCommand> {
  try {
    if (container === undefined) throw new Error('no container engine is used');
    return await container.command();
  } catch (error) {
    throw new ClawError(
      'sandbox-unavailable',
      `Tools with runtime "node" run only inside bubblewrap, which does not work here, or in a container (${toError(error).message})`,
      { hint: 'Install bubblewrap (apt-get install bubblewrap), then see "claw doctor".' },
    );
  }
}

async function describeContainer(
  container: ContainerWall | undefined,
  programs: ChildPrograms | Error,
): Promise<WallState[]> {
  if (container === undefined) return [];
  const name = 'container';
  if (programs instanceof Error) return [{ name, works: false, detail: programs.message }];
  // Its proof costs seconds and an image that nobody needs.
  if (programs.bubblewrap !== undefined) return [{ name, works: false, detail: 'not looked for: bubblewrap works' }];
  return [
    await container.proved().then(
      (engine) => ({ name, works: true, detail: `${engine}: no network, no files, no rights` }),
      (error: unknown) => ({ name, works: false, detail: toError(error).message }),
    ),
  ];
}

async function findPlace(folder: string, without: ReadonlySet<Layer>, runtime: Runtime): Promise<Place> {
  if (!hasChildPrograms(folder)) {
    throw new ClawError('sandbox-unavailable', 'The child programs of the wall are missing.', {
      hint: 'Run "npm run build".',
    });
  }
  const isLinux = process.platform === 'linux';
  const programs: ChildPrograms = {
    node: process.execPath,
    libraries: sharedLibraries(),
    folder,
    bubblewrap: isLinux && !without.has('bubblewrap') ? systemProgram('bwrap') : undefined,
    prlimit: isLinux ? systemProgram('prlimit') : undefined,
  };
  if (programs.bubblewrap === undefined) return { programs };
  // Present is not working: a kernel or a container may forbid it. Only a child that came up proves it.
  for (let probe = 0; probe < PROBES; probe += 1) {
    const first = startToolProcess(childCommand(programs, runtime, without));
    const isReady = await first.ready().then(
      () => true,
      () => false,
    );
    if (isReady) return { programs, first };
  }
  return { programs: { ...programs, bubblewrap: undefined } };
}

function describeWalls(programs: ChildPrograms | Error): WallState[] {
  if (programs instanceof Error) {
    const missing = { works: false, detail: programs.message };
    return [
      { name: 'quickjs', ...missing },
      { name: 'bubblewrap', ...missing },
    ];
  }
  const hasBubblewrap = programs.bubblewrap !== undefined;
  const limits =
    programs.prlimit === undefined ? 'without resource limits (prlimit is missing)' : 'with resource limits';
  return [
    { name: 'quickjs', works: true, detail: `QuickJS in a Node process with no permissions, ${limits}` },
    {
      name: 'bubblewrap',
      works: hasBubblewrap,
      detail: hasBubblewrap
        ? `${programs.bubblewrap}: no network, no files, no rights, ${systemCallFilter() === undefined ? 'no filter of system calls on this kind of processor' : 'no new processes'}`
        : systemProgram('bwrap') === undefined
          ? 'not installed; tools with runtime "node" need a container engine instead'
          : 'installed, but this machine does not let it start; tools with runtime "node" need a container engine instead',
    },
  ];
}
