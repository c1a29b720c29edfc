/** Owns the walls of this machine: finds out once what works here, and runs every call behind the strongest of them. */
import { ClawError, toError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import { childCommand, type ChildPrograms, hasChildPrograms, type Layer, systemProgram } from './child-command.ts';
import { ChildPool } from './child-pool.ts';
import type { Runtime, Sandbox, WallState } from './sandbox.ts';
import { startToolProcess, type ToolProcess } from './tool-process.ts';

export interface ProcessSandboxOptions {
  /** Folder of the bundled child programs. */
  readonly folder: string;
  /** How long a warm child waits unused, in milliseconds; 0 keeps none. */
  readonly idleMs?: number;
  /** Layers left out, for the tests that prove each of them. */
  readonly without?: ReadonlySet<Layer>;
}

/** What works here, and the process that proved it. */
interface Place {
  readonly programs: ChildPrograms;
  readonly first: ToolProcess | undefined;
}

const IDLE_MS = 60_000;

export function createProcessSandbox({
  folder,
  idleMs = IDLE_MS,
  without = new Set<Layer>(),
}: ProcessSandboxOptions): Sandbox {
  const start = async (runtime: Runtime): Promise<ToolProcess> => {
    const { programs } = await place();
    if (runtime === 'node' && programs.bubblewrap === undefined) throw nodeUnavailable();
    return startToolProcess(childCommand(programs, runtime, without));
  };
  const pool: ChildPool = new ChildPool(start, idleMs);
  const place = lazy(async () => {
    const found = await findPlace(folder, without);
    if (found.first !== undefined) pool.add(found.first, 'quickjs');
    return found;
  });
  return {
    async run(request) {
      await place();
      return pool.run(request);
    },
    walls: async () => describeWalls(await place().then(({ programs }) => programs, toError)),
    close: () => pool.close(),
  };
}

function nodeUnavailable(): ClawError {
  return new ClawError(
    'sandbox-unavailable',
    'Tools with runtime "node" run only inside bubblewrap, which does not work here.',
    { hint: 'Install it (apt-get install bubblewrap), then see "claw doctor".' },
  );
}

async function findPlace(folder: string, without: ReadonlySet<Layer>): Promise<Place> {
  if (!hasChildPrograms(folder)) {
    throw new ClawError('sandbox-unavailable', 'The child programs of the wall are missing.', {
      hint: 'Run "npm run build".',
    });
  }
  const isLinux = process.platform === 'linux';
  const programs: ChildPrograms = {
    node: process.execPath,
    folder,
    bubblewrap: isLinux && !without.has('bubblewrap') ? systemProgram('bwrap') : undefined,
    prlimit: isLinux ? systemProgram('prlimit') : undefined,
  };
  if (programs.bubblewrap === undefined) return { programs, first: undefined };
  // Present is not working: a kernel or a container may forbid it. Only a child that came up proves it.
  const first = startToolProcess(childCommand(programs, 'quickjs', without));
  return first.ready().then(
    () => ({ programs, first }),
    () => ({ programs: { ...programs, bubblewrap: undefined }, first: undefined }),
  );
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
        ? `${programs.bubblewrap}: no network, no files, no rights`
        : systemProgram('bwrap') === undefined
          ? 'not installed; tools with runtime "node" are refused'
          : 'installed, but this machine does not let it start; tools with runtime "node" are refused',
    },
  ];
}
