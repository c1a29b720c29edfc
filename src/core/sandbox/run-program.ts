/** Owns one bounded run of a program from start to end: input, deadline, output caps, cancellation. The child and its group are gone when it resolves. */
import type { Readable } from 'node:stream';
import { spawnChild, type ChildExit, type ChildHandle, type SpawnRequest } from './spawn.ts';

export interface RunRequest extends SpawnRequest {
  /** Written to stdin, which is then closed; nothing when absent. */
  readonly stdin?: string | Uint8Array;
  /** Wall time in milliseconds; the group is killed then. */
  readonly timeoutMs: number;
  /** Bytes kept of stdout and of stderr, each; the group is killed when either has more. */
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

export type RunOutcome = 'exited' | 'timeout' | 'cancelled' | 'output-limit';

export interface RunResult extends ChildExit {
  readonly outcome: RunOutcome;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly stdoutTruncated: boolean;
  readonly stderrTruncated: boolean;
  readonly ms: number;
}

/** How long pipes may stay open after the end, in ms: a grandchild that left the group can hold them for ever. */
const PIPE_GRACE_MS = 100;

/** Runs a program to its end. A program that fails is a result; throws `sandbox-refused` or `sandbox-unavailable` only when it could not be started. */
export async function runProgram(request: RunRequest): Promise<RunResult> {
  const started = performance.now();
  if (request.signal?.aborted === true) return cancelledBeforeStart();
  const child = spawnChild(request);
  let outcome: RunOutcome = 'exited';
  const stop = (why: RunOutcome): void => {
    if (outcome === 'exited') outcome = why;
    child.killGroup();
  };
  const stdout = collect(child.stdout, request.maxOutputBytes, () => stop('output-limit'));
  const stderr = collect(child.stderr, request.maxOutputBytes, () => stop('output-limit'));
  const deadline = setTimeout(() => stop('timeout'), request.timeoutMs);
  const onAbort = (): void => stop('cancelled');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  child.stdin.end(request.stdin);
  const exit = await child.exited;
  clearTimeout(deadline);
  request.signal?.removeEventListener('abort', onAbort);
  await pipesClosed(child);
  return {
    ...exit,
    outcome,
    stdout: stdout.bytes(),
    stderr: stderr.bytes(),
    stdoutTruncated: stdout.truncated(),
    stderrTruncated: stderr.truncated(),
    ms: performance.now() - started,
  };
}

function cancelledBeforeStart(): RunResult {
  const nothing = Buffer.alloc(0);
  const truncated = { stdoutTruncated: false, stderrTruncated: false };
  return { outcome: 'cancelled', code: null, signal: null, stdout: nothing, stderr: nothing, ...truncated, ms: 0 };
}

interface Collected {
  bytes(): Buffer;
  truncated(): boolean;
}

function collect(stream: Readable, maxBytes: number, onOverflow: () => void): Collected {
  const chunks: Buffer[] = [];
  let size = 0;
  let truncated = false;
  stream.on('data', (chunk: Buffer) => {
    const room = maxBytes - size;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    size += Math.min(chunk.length, room);
    if (chunk.length <= room || truncated) return;
    truncated = true;
    onOverflow();
  });
  return { bytes: () => Buffer.concat(chunks), truncated: () => truncated };
}

async function pipesClosed(child: ChildHandle): Promise<void> {
  const pipes = [child.stdout, child.stderr];
  const grace = setTimeout(() => {
    for (const pipe of pipes) pipe.destroy();
  }, PIPE_GRACE_MS);
  await Promise.all(
    pipes.filter((pipe) => !pipe.closed).map((pipe) => new Promise((resolve) => pipe.once('close', resolve))),
  );
  clearTimeout(grace);
}
