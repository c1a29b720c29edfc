/** Owns one tool process from its start to its death: it says that it is ready, takes a job, and dies by SIGKILL with its whole group, whatever it does. */
import { ClawError } from '../kernel/errors.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { type ChildHandle, spawnChild, type SpawnRequest } from './spawn.ts';
import { runJob } from './tool-job.ts';
import { type Link, openLink } from './tool-link.ts';

export interface ToolCommand extends SpawnRequest {
  /** What else ends the tool, where killing the process is not enough. */
  readonly end?: () => void;
}

export interface ToolProcess {
  /** Resolves when it waits for a job. Rejects with `sandbox-unavailable` when it cannot. */
  ready(): Promise<void>;
  /** Runs one job. Afterwards it is dying, or `mayServe` again. */
  run(request: SandboxRequest): Promise<SandboxOutcome>;
  /** Whether it takes a job, or will when it is ready. */
  readonly mayServe: boolean;
  kill(): void;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
}

/** A process that is not ready by then never will be, in milliseconds. */
const START_TIMEOUT_MS = 10_000;
const MAX_STDERR_BYTES = 1024 * 1024;
const KEPT_STDERR_CHARS = 2_000;

export function startToolProcess(command: ToolCommand): ToolProcess {
  const child = spawnChild(command);
  let mayServe = true;
  const kill = (): void => {
    mayServe = false;
    command.end?.();
    child.killGroup();
  };
  void child.exited.then(() => (mayServe = false));
  const stderr = readErrors(child, kill);
  const link = openLink(child);
  let ready = whenReady(link, stderr, kill);
  ready.catch(() => {});
  return {
    exited: child.exited,
    kill,
    ready: () => ready,
    get mayServe() {
      return mayServe;
    },
    async run(request) {
      const isLast = request.session === undefined || request.runtime !== 'quickjs';
      try {
        const { isClean, ...outcome } = await runJob(link, request);
        if (isLast || !isClean) kill();
        // A good answer need not wait until the kernel has cleared up.
        if (!isClean) await child.exited;
        return outcome;
      } catch (error) {
        kill();
        throw error;
      } finally {
        link.listen({ onFrame: () => {}, onFault: () => {} });
        if (mayServe) {
          ready = whenReady(link, stderr, kill);
          // Whoever waits for it hears why; nobody has to.
          ready.catch(() => {});
          link.send({ type: 'reset' });
        }
      }
    },
  };
}

/** Collects the beginning of what the child says on its standard error. */
function readErrors(child: ChildHandle, kill: () => void): () => string {
  let text = '';
  let bytes = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (text.length < KEPT_STDERR_CHARS) text = (text + chunk.toString('utf8')).slice(0, KEPT_STDERR_CHARS);
    if (bytes > MAX_STDERR_BYTES) kill();
  });
  return () => text;
}

/** A child that fails to become ready, or speaks before it has its job, is not the program that was started: it is killed. */
async function whenReady(link: Link, stderr: () => string, kill: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('it took too long')), START_TIMEOUT_MS);
  link.listen({
    onFrame: ({ type }) => (type === 'ready' ? resolve() : reject(new Error('it began with an unknown message'))),
    onFault: (reason) => reject(new Error(reason)),
  });
  void link.ended.then((how) => reject(new Error(`it ended with ${how}`)));
  try {
    await promise;
    link.listen({ onFrame: kill, onFault: kill });
  } catch (error) {
    kill();
    const said = stderr().trim().split('\n')[0] ?? '';
    const reason = error instanceof Error ? error.message : '';
    throw new ClawError(
      'sandbox-unavailable',
      `The wall cannot be started: ${reason}${said === '' ? '' : ` (${said})`}`,
      { hint: 'Run "claw doctor".' },
    );
  } finally {
    clearTimeout(timer);
  }
}
