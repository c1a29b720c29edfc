/** Owns the walls of this machine: finds out once what works, keeps a warm child for the next call, and gives every call a child of its own that dies with it. */
import { ClawError, toError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import { childCommand, type ChildPrograms, hasChildPrograms, type Layer, systemProgram } from './child-command.ts';
import type { Runtime, Sandbox, SandboxRequest, WallState } from './sandbox.ts';
import { startToolProcess, type ToolProcess } from './tool-process.ts';

export interface ProcessSandboxOptions {
  /** Folder of the bundled child programs. */
  readonly folder: string;
  /** How long a warm child waits unused, in milliseconds; 0 keeps none. */
  readonly idleMs?: number;
  /** Layers left out, for the tests that prove each of them. */
  readonly without?: ReadonlySet<Layer>;
}

const IDLE_MS = 60_000;

export function createProcessSandbox(options: ProcessSandboxOptions): Sandbox {
  const without = options.without ?? new Set<Layer>();
  const programs = lazy(() => findPrograms(options.folder, without));
  const pool = new WarmPool(options.idleMs ?? IDLE_MS);
  const start = async (runtime: Runtime): Promise<ToolProcess> => {
    const found = await programs();
    if (runtime === 'node' && (found.bubblewrap === undefined || without.has('bubblewrap'))) {
      throw new ClawError(
        'sandbox-unavailable',
        'Tools with runtime "node" run only inside bubblewrap, which does not work here.',
        {
          hint: 'Install it (apt-get install bubblewrap), then see "claw doctor".',
        },
      );
    }
    return startToolProcess(childCommand(found, runtime, without));
  };
  return {
    async run(request: SandboxRequest) {
      const child = await pool.take(request.runtime, start);
      pool.refill(request.runtime, start);
      return child.run(request);
    },
    walls: async () => describeWalls(options.folder, await programs().catch(toError)),
    close: () => pool.close(),
  };
}

/** At most one waiting child per runtime; it is started when the one before was taken, and ends when nobody comes. */
class WarmPool {
  readonly #idleMs: number;
  readonly #waiting = new Map<Runtime, { child: Promise<ToolProcess>; timer: NodeJS.Timeout }>();
  #isClosed = false;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  async take(runtime: Runtime, start: (runtime: Runtime) => Promise<ToolProcess>): Promise<ToolProcess> {
    const warm = this.#waiting.get(runtime);
    this.#waiting.delete(runtime);
    clearTimeout(warm?.timer);
    if (warm !== undefined) {
      try {
        const child = await warm.child;
        await child.ready;
        if (await isWaiting(child)) return child;
      } catch {
        // It died while it waited; a new one tells why if it cannot start either.
      }
    }
    const child = await start(runtime);
    await child.ready;
    return child;
  }

  refill(runtime: Runtime, start: (runtime: Runtime) => Promise<ToolProcess>): void {
    if (this.#isClosed || this.#idleMs === 0 || this.#waiting.has(runtime)) return;
    const child = start(runtime);
    const drop = async (): Promise<void> => {
      this.#waiting.delete(runtime);
      (await child).kill();
    };
    const timer = setTimeout(() => void drop().catch(() => {}), this.#idleMs);
    timer.unref();
    child.then(({ ready }) => ready).catch(() => this.#waiting.delete(runtime));
    this.#waiting.set(runtime, { child, timer });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { child, timer } of waiting) {
      clearTimeout(timer);
      try {
        const process = await child;
        process.kill();
        await process.exited;
      } catch {
        // It never started; there is nothing to end.
      }
    }
  }
}

/** Whether the child is still there. */
async function isWaiting(child: ToolProcess): Promise<boolean> {
  return (await Promise.race([child.exited.then(() => 'gone'), Promise.resolve('waiting')])) === 'waiting';
}

async function findPrograms(folder: string, without: ReadonlySet<Layer>): Promise<ChildPrograms> {
  if (!hasChildPrograms(folder)) {
    throw new ClawError('sandbox-unavailable', 'The child programs of the wall are missing.', {
      hint: 'Run "npm run build".',
    });
  }
  const found: ChildPrograms = {
    node: process.execPath,
    folder,
    bubblewrap: process.platform === 'linux' ? systemProgram('bwrap') : undefined,
    prlimit: process.platform === 'linux' ? systemProgram('prlimit') : undefined,
  };
  if (found.bubblewrap === undefined || without.has('bubblewrap')) return found;
  // Present is not working: a kernel or a container may forbid it. Only a child that came up proves it.
  const probe = startToolProcess(childCommand(found, 'quickjs', without));
  try {
    await probe.ready;
    return found;
  } catch {
    return { ...found, bubblewrap: undefined };
  } finally {
    probe.kill();
  }
}

function describeWalls(folder: string, programs: ChildPrograms | Error): WallState[] {
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
