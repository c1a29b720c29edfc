/** Owns one tool process from its start to its death: frames in and out with caps, one job, and SIGKILL to its whole group at the deadline, whatever it does. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { createFrameReader, encodeFrame, type Frame, withoutPrototypes } from './frames.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { type ChildHandle, spawnChild, type SpawnRequest } from './spawn.ts';

export interface ToolProcess {
  /** Resolves when it waits for its job. Rejects with `sandbox-unavailable` when it cannot start. */
  readonly ready: Promise<void>;
  readonly pid: number;
  /** Runs its only job; the process is dead when this resolves. */
  run(request: SandboxRequest): Promise<SandboxOutcome>;
  kill(): void;
  /** Resolves when the process is gone. */
  readonly exited: Promise<unknown>;
}

/** A process that is not ready by then never will be, in milliseconds. */
const START_TIMEOUT_MS = 10_000;
/** Bytes of all frames of one call. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const MAX_FRAMES = 20_000;
const MAX_STDERR_CHARS = 2_000;
/** Bytes of stderr that are read at all; more ends the child. */
const MAX_STDERR_BYTES = 1024 * 1024;
const MAX_LOG_CHARS = 10_000;
const MAX_PROGRESS_CHARS = 1_000;
/** Questions that wait for their answers at the same time. */
const MAX_OPEN_ASKS = 64;
/** Characters of one answer; the child takes lines of 8 MiB. */
const MAX_ANSWER_CHARS = 6 * 1024 * 1024;

export function startToolProcess(command: SpawnRequest): ToolProcess {
  const child = spawnChild(command);
  let stderr = '';
  let stderrBytes = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    stderrBytes += chunk.length;
    if (stderrBytes > MAX_STDERR_BYTES) child.killGroup();
    else if (stderr.length < MAX_STDERR_CHARS) stderr = (stderr + chunk.toString('utf8')).slice(0, MAX_STDERR_CHARS);
  });
  const listeners: { onFrame: (frame: Frame) => void; onFault: (reason: string) => void } = {
    onFrame: () => {},
    onFault: () => {},
  };
  readFrames(child, listeners);
  const ready = becomesReady(child, listeners, () => stderr);
  ready.catch(() => child.killGroup());
  return {
    ready,
    pid: child.pid,
    exited: child.exited,
    kill: () => child.killGroup(),
    run: (request) => runJob(child, listeners, request),
  };
}

function readFrames(
  child: ChildHandle,
  listeners: { onFrame: (frame: Frame) => void; onFault: (reason: string) => void },
): void {
  let bytes = 0;
  let frames = 0;
  const reader = createFrameReader({
    maxBytes: MAX_TOTAL_BYTES / 4,
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
}

function becomesReady(
  child: ChildHandle,
  listeners: { onFrame: (frame: Frame) => void; onFault: (reason: string) => void },
  stderr: () => string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      clearTimeout(timer);
      const said = stderr().trim().split('\n')[0] ?? '';
      reject(
        new ClawError(
          'sandbox-unavailable',
          `The wall cannot be started: ${reason}${said === '' ? '' : ` (${said})`}`,
          { hint: 'Run "claw doctor".' },
        ),
      );
    };
    const timer = setTimeout(() => fail('it took too long'), START_TIMEOUT_MS);
    listeners.onFrame = (frame) => {
      clearTimeout(timer);
      if (frame['type'] === 'ready') resolve();
      else fail('it began with an unknown message');
    };
    listeners.onFault = fail;
    void child.exited.then(({ code, signal }) => fail(`it ended with ${signal ?? code}`));
  });
}

async function runJob(
  child: ChildHandle,
  listeners: { onFrame: (frame: Frame) => void; onFault: (reason: string) => void },
  request: SandboxRequest,
): Promise<SandboxOutcome> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<Omit<SandboxOutcome, 'ms'>>();
  const fail = (status: SandboxOutcome['status'], error: string): void => resolve({ status, output: null, error });
  const stop = new AbortController();
  const deadline = setTimeout(
    () => fail('timeout', `it took longer than ${request.limits.wallMs} ms`),
    request.limits.wallMs,
  );
  const onAbort = (): void => fail('cancelled', 'it was stopped');
  if (request.signal.aborted) onAbort();
  else request.signal.addEventListener('abort', onAbort, { once: true });
  listeners.onFault = (reason) => fail('error', `its messages were cut off: ${reason}`);
  listeners.onFrame = handleFrames(child, request, stop.signal, resolve);
  void child.exited.then(({ code, signal }) =>
    fail('error', `its process ended with ${signal ?? code}: it ran out of memory or stopped itself`),
  );
  const { code, input, limits } = request;
  const job = {
    type: 'job',
    code,
    input: input === null ? null : JSON.stringify(input),
    memoryBytes: limits.memoryBytes,
    deadlineMs: limits.wallMs,
  };
  child.stdin.write(encodeFrame(job));
  const outcome = await promise;
  clearTimeout(deadline);
  request.signal.removeEventListener('abort', onAbort);
  listeners.onFrame = () => {};
  listeners.onFault = () => {};
  stop.abort(new ClawError('cancelled', 'The tool call has ended.'));
  child.killGroup();
  await child.exited;
  return { ...outcome, ms: Math.round(performance.now() - startedAt) };
}

/** The text of a log or progress frame; a child that sends something else there says nothing. */
function textOf(frame: Frame): string {
  return typeof frame['text'] === 'string' ? frame['text'] : '';
}

/** What the child may say while its job runs; anything else ends it. */
function handleFrames(
  child: ChildHandle,
  request: SandboxRequest,
  signal: AbortSignal,
  resolve: (outcome: Omit<SandboxOutcome, 'ms'>) => void,
): (frame: Frame) => void {
  let asks = 0;
  let open = 0;
  const fail = (error: string): void => resolve({ status: 'error', output: null, error });
  return (frame) => {
    switch (frame['type']) {
      case 'log':
        request.onLog?.(textOf(frame).slice(0, MAX_LOG_CHARS));
        return;
      case 'progress':
        request.onProgress?.(textOf(frame).slice(0, MAX_PROGRESS_CHARS));
        return;
      case 'timeout':
        resolve({ status: 'timeout', output: null, error: `it took longer than ${request.limits.wallMs} ms` });
        return;
      case 'done':
        resolve(readResult(frame, request.limits.outputBytes));
        return;
      case 'ask':
        asks += 1;
        if (asks > request.limits.asks) fail(`it asked more than ${request.limits.asks} times`);
        else if (open >= MAX_OPEN_ASKS) fail(`it asked more than ${MAX_OPEN_ASKS} things at once`);
        else {
          open += 1;
          void answer(child, request, frame, signal).finally(() => (open -= 1));
        }
        return;
      default:
        fail('it sent an unknown message');
    }
  };
}

async function answer(child: ChildHandle, request: SandboxRequest, frame: Frame, signal: AbortSignal): Promise<void> {
  const { id } = frame;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return;
  try {
    const { service, method, args } = frame;
    if (typeof service !== 'string' || typeof method !== 'string' || typeof args !== 'string')
      throw new ClawError('sandbox-refused', 'the question is malformed');
    const parsed = withoutPrototypes(JSON.parse(args));
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      throw new ClawError('sandbox-refused', 'the question is malformed');
    const value = await request.ask(service, method, parsed as JsonObject, signal);
    const json = JSON.stringify(value) ?? 'null';
    if (json.length > MAX_ANSWER_CHARS) throw new ClawError('limit-reached', 'the answer is too long for a tool');
    child.stdin.write(encodeFrame({ type: 'answer', id, ok: true, json }));
  } catch (error) {
    // What is not said for tools may name paths and programs of this machine.
    const message = error instanceof ClawError ? error.message : 'claw could not do this';
    child.stdin.write(encodeFrame({ type: 'answer', id, ok: false, json: message }));
  }
}

function readResult(frame: Frame, outputBytes: number): Omit<SandboxOutcome, 'ms'> {
  const { result } = frame;
  if (typeof result !== 'string') return { status: 'error', output: null, error: 'it gave no answer' };
  if (Buffer.byteLength(result) > outputBytes + 64)
    return { status: 'error', output: null, error: `its answer is longer than ${outputBytes} bytes` };
  try {
    const { ok, output, error } = withoutPrototypes(JSON.parse(result)) as {
      ok?: unknown;
      output?: JsonValue;
      error?: unknown;
    };
    if (ok === true) return { status: 'ok', output: output ?? null };
    return { status: 'error', output: null, error: typeof error === 'string' ? error.slice(0, 2_000) : 'it failed' };
  } catch {
    return { status: 'error', output: null, error: 'its answer is no JSON text' };
  }
}
