/** Owns one tool process from its start to its death: it says that it is ready, takes a job, and dies by SIGKILL with its whole group, or begins anew for another call of the same tool in the same turn. */
import { ClawError, toError } from '../kernel/errors.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { type ChildHandle, spawnChild, type SpawnRequest } from './spawn.ts';
import { runJob } from './tool-job.ts';
import { type Link, openLink } from './tool-link.ts';

/** How a tool process is started. */
export interface ToolCommand extends SpawnRequest {
  /** What else ends the tool, where killing the process group is not enough. */
  readonly end?: () => void;
}

export interface ToolProcess {
  readonly pid: number;
  /** Resolves when it waits for a job. Rejects with `sandbox-unavailable` when it cannot. */
  ready(): Promise<void>;
  /** Runs one job; `ready` first. Afterwards it is dead, or `mayServe` again. */
  run(request: SandboxRequest): Promise<SandboxOutcome>;
  /** Whether it takes a job, or will when it is ready. */
  readonly mayServe: boolean;
  kill(): void;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
}

/** A process that is not ready by then never will be, in milliseconds. */
const START_TIMEOUT_MS = 10_000;
/** A fresh engine takes about 2 ms; what is not there by then is held up by the call before. */
const RENEW_TIMEOUT_MS = 500;
/** Then a process makes room for a new one, whatever it gathered: its processor seconds are limited, too. */
const MOST_CALLS = 200;
const MOST_BUSY_MS = 10_000;
const MAX_STDERR_BYTES = 1024 * 1024;
const KEPT_STDERR_CHARS = 2_000;

export function startToolProcess(command: ToolCommand): ToolProcess {
  return new StartedProcess(spawnChild(command), command.end ?? (() => {}));
}

class StartedProcess implements ToolProcess {
  readonly #child: ChildHandle;
  readonly #end: () => void;
  readonly #link: Link;
  readonly #stderr: () => string;
  #ready: Promise<void>;
  #mayServe = true;
  #calls = 0;
  #busyMs = 0;

  constructor(child: ChildHandle, end: () => void) {
    this.#child = child;
    this.#end = end;
    this.#stderr = readErrors(child, () => this.kill());
    this.#link = openLink(child);
    this.#ready = this.#awaitReady(START_TIMEOUT_MS);
    void child.exited.then(() => {
      this.#mayServe = false;
      // What is left in its pipes is nobody's any more; unread, it would keep them open.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  get exited(): Promise<unknown> {
    return this.#child.exited;
  }

  get mayServe(): boolean {
    return this.#mayServe;
  }

  ready(): Promise<void> {
    return this.#ready;
  }

  kill(): void {
    this.#mayServe = false;
    this.#end();
    this.#child.killGroup();
  }

  async run(request: SandboxRequest): Promise<SandboxOutcome> {
    this.#calls += 1;
    const startedAt = performance.now();
    const { outcome, isClean } = await runJob(this.#link, request);
    this.#busyMs += outcome.ms;
    const isFresh = this.#calls < MOST_CALLS && this.#busyMs < MOST_BUSY_MS;
    const mayRenew = isClean && isFresh && request.turn !== undefined && request.runtime === 'quickjs';
    if (mayRenew && this.#mayServe) {
      this.#ready = this.#awaitReady(RENEW_TIMEOUT_MS);
      this.#link.send({ type: 'renew' });
      return outcome;
    }
    this.kill();
    // A good answer need not wait until the kernel has cleared up.
    if (isClean) return outcome;
    await this.#child.exited;
    return { ...outcome, ms: Math.round(performance.now() - startedAt) };
  }

  /** A child that fails to become ready, or speaks before it has its job, is not the program that was started: it is killed. */
  #awaitReady(timeoutMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('it took too long')), timeoutMs);
    this.#link.listen({
      onFrame: ({ type }) => {
        if (type === 'ready') resolve();
        // What the call before still says is nobody's.
        else if (this.#calls === 0) reject(new Error('it began with an unknown message'));
      },
      onFault: (reason) => reject(new Error(reason)),
    });
    void this.#link.ended.then((how) => reject(new Error(`it ended with ${how}`)));
    const ready = promise.then(
      () => {
        clearTimeout(timer);
        this.#link.listen({ onFrame: () => this.kill(), onFault: () => this.kill() });
      },
      (error: unknown) => {
        clearTimeout(timer);
        this.kill();
        throw this.#unavailable(toError(error).message);
      },
    );
    // Whoever waits for it hears why; nobody has to.
    ready.catch(() => {});
    return ready;
  }

  #unavailable(reason: string): ClawError {
    const said = this.#stderr().trim().split('\n')[0] ?? '';
    return new ClawError(
      'sandbox-unavailable',
      `The wall cannot be started: ${reason}${said === '' ? '' : ` (${said})`}`,
      { hint: 'Run "claw doctor".' },
    );
  }
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
