/** Owns the clients of container engines on this machine: which there are, and one bounded run of a command of theirs. */
import { toError } from '../../kernel/errors.ts';
import { systemProgram } from '../child-command.ts';
import { runProgram } from '../run-program.ts';
import type { SpawnRequest } from '../spawn.ts';

export interface Engine {
  readonly name: 'docker' | 'podman';
  /** The client with these arguments. */
  command(args: readonly string[]): SpawnRequest;
  /** Runs the client to its end; a failure, also to start, is a value. */
  run(
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly said: string }>;
}

export interface EngineOptions {
  /** An existing folder without a client's configuration in it. */
  readonly folder: string;
  /** The whole environment of the client. */
  readonly environment: Readonly<Record<string, string>>;
  /** The absolute path of a program by its name; the folders where only root installs when absent. */
  readonly find?: (name: string) => string | undefined;
}

const COMMAND_TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 256 * 1024;

/** The engines whose client is installed, the better known first. */
export function installedEngines({ folder, environment, find = systemProgram }: EngineOptions): Engine[] {
  return (['docker', 'podman'] as const).flatMap((name) => {
    const program = find(name);
    return program === undefined ? [] : [openEngine(name, program, { folder, environment })];
  });
}

function openEngine(name: Engine['name'], program: string, { folder, environment }: EngineOptions): Engine {
  // Docker's own configuration may name proxies, which its client would put into the environment of a tool.
  const env = name === 'docker' ? { ...environment, DOCKER_CONFIG: folder } : environment;
  const command = (args: readonly string[]): SpawnRequest => ({ program, args, env, cwd: folder });
  return {
    name,
    command,
    run: async (args) => {
      try {
        const limits = { timeoutMs: COMMAND_TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
        const { code, outcome, stdout, stderr } = await runProgram({ ...command(args), ...limits });
        const said =
          outcome === 'timeout' ? 'it did not answer in time' : (stderr.toString('utf8').trim().split('\n')[0] ?? '');
        return { code, stdout: stdout.toString('utf8').trim(), said };
      } catch (error) {
        return { code: null, stdout: '', said: toError(error).message };
      }
    },
  };
}
