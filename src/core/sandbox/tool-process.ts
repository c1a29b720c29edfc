/** Owns one tool process from its start to its death: it says that it is ready, takes a job, and dies by SIGKILL with its whole group, whatever it does. */
import { ClawError } from '../kernel/errors.ts';
import { createFrameReader, encodeFrame, type Frame } from './frames.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { type ChildHandle, spawnChild, type SpawnRequest } from './spawn.ts';
import { runJob } from './tool-job.ts';

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

/** What a job may use of its process. */
export interface Link {
  send(frame: Frame): void;
  /** Resolves when the child has taken what was sent; rejects when the signal aborts first. */
  drained(signal: AbortSignal): Promise<void>;
  /** Replaces who listens, and counts what the child says anew. */
  listen(listeners: Listeners): void;
  /** Resolves with how the process ended. */
  readonly ended: Promise<string>;
}

export interface Listeners {
  readonly onFrame: (frame: Frame) => void;
  readonly onFault: (reason: string) => void;
}

/** A process that is not ready by then never will be, in milliseconds. */
const START_TIMEOUT_MS = 10_000;
/** Bytes of one frame: an answer or a question of 2 MiB whose every character is escaped. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024 + 65_536;
/** Bytes and frames of one call. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const MAX_FRAMES = 20_000;
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

function openLink(child: ChildHandle): Link {
  let listeners: Listeners = { onFrame: () => {}, onFault: () => {} };
  let bytes = 0;
  let frames = 0;
  const reader = createFrameReader({
    maxBytes: MAX_FRAME_BYTES,
    onFrame: (frame) => {
      frames += 1;
      if (frames > MAX_FRAMES) listeners.onFault(`it sent more than ${MAX_FRAMES} messages`);
      else listeners.onFrame(frame);
    },
    onFault: (reason) => listeners.onFault(reason),
  });
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_TOTAL_BYTES) listeners.onFault(`it sent more than ${MAX_TOTAL_BYTES} bytes`);
    else reader.push(chunk);
  });
  return {
    send: (frame) => void child.stdin.write(encodeFrame(frame)),
    drained: (signal) => drained(child, signal),
    listen(next) {
      listeners = next;
      [bytes, frames] = [0, 0];
    },
    ended: child.exited.then(({ code, signal }) => signal ?? `exit code ${code}`),
  };
}

async function drained({ stdin }: ChildHandle, signal: AbortSignal): Promise<void> {
  if (!stdin.writableNeedDrain) return;
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      stdin.off('drain', resolve);
      reject(new ClawError('cancelled', 'The tool call has ended.'));
    };
    stdin.once('drain', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
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
