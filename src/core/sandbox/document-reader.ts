/** Owns the process that reads one document of a stranger behind the wall of tools: bubblewrap where it works, and everywhere Node's permissions, kernel limits, an empty environment and no network. Must not know any format. */
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
import { runProgram, type RunResult } from './run-program.ts';
import type { WallState } from './sandbox.ts';
import { createSlots } from './slots.ts';

export interface ReadRequest {
  /** What the reader is told on its command line. */
  readonly args: readonly string[];
  /** The document. */
  readonly input: Uint8Array;
  /** Milliseconds of its run; its group is killed then. */
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

export interface DocumentReader {
  /** Runs the reader once; its process is gone when this resolves. Throws `sandbox-unavailable` when it cannot be started. */
  run(request: ReadRequest): Promise<RunResult>;
  wall(): Promise<WallState>;
}

export interface DocumentReaderOptions {
  /** Folder of the bundled child programs. */
  readonly folder: string;
  /** Layers left out, for the tests that prove each of them. */
  readonly without?: ReadonlySet<Layer>;
}

/** Readers at once: each may take more than a gigabyte. */
const AT_ONCE = 2;
/** A machine under load may fail once; a wall is never given up for that. */
const PROBES = 2;
const PROBE_TIMEOUT_MS = 5_000;

export function createDocumentReader({ folder, without = new Set() }: DocumentReaderOptions): DocumentReader {
  const programs = lazy(() => findPrograms(folder, without));
  const slots = createSlots({ usual: AT_ONCE, most: AT_ONCE, patienceMs: 60_000 });
  return {
    async run({ args, input, ...limits }) {
      const command = childCommand(await programs(), 'reader', without);
      const slot = await slots.enter(limits.signal ?? new AbortController().signal);
      try {
        return await runProgram({ ...command, args: [...command.args, ...args], stdin: input, ...limits });
      } finally {
        slot.leave();
      }
    },
    wall: () =>
      programs().then(describe, (error: unknown) => ({
        name: 'documents',
        works: false,
        detail: toError(error).message,
      })),
  };
}

/** Bubblewrap only where a program came up inside it: a kernel or a container may forbid what is installed. */
async function findPrograms(folder: string, without: ReadonlySet<Layer>): Promise<ChildPrograms> {
  if (!hasChildPrograms(folder, 'reader')) {
    throw new ClawError('sandbox-unavailable', 'The program that reads documents is missing.', {
      hint: 'Run "npm run build".',
    });
  }
  const isLinux = process.platform === 'linux';
  const programs = {
    node: process.execPath,
    libraries: sharedLibraries(),
    folder,
    bubblewrap: isLinux && !without.has('bubblewrap') ? systemProgram('bwrap') : undefined,
    prlimit: isLinux ? systemProgram('prlimit') : undefined,
  };
  if (programs.bubblewrap === undefined) return programs;
  const command = childCommand(programs, 'reader', without);
  const probe = { ...command, args: [...command.args.slice(0, -1), '--version'] };
  for (let count = 0; count < PROBES; count += 1) {
    const { code, stdout } = await runProgram({ ...probe, timeoutMs: PROBE_TIMEOUT_MS, maxOutputBytes: 1_000 });
    if (code === 0 && stdout.toString().trim() === process.version) return programs;
  }
  return { ...programs, bubblewrap: undefined };
}

function describe({ bubblewrap, prlimit }: ChildPrograms): WallState {
  const limits = prlimit === undefined ? 'without resource limits (prlimit is missing)' : 'with resource limits';
  const around = bubblewrap === undefined ? ', but without bubblewrap around it' : ` inside ${bubblewrap}`;
  return {
    name: 'documents',
    works: bubblewrap !== undefined && prlimit !== undefined,
    detail: `PDF, DOCX and HTML are read in a Node process with no permissions, ${limits}${around}`,
  };
}
