/** Owns one job of a tool process: what the tool may say while it runs, the end at the deadline, and how much of everything. Nothing it says is trusted. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { createAnswers } from './answer-questions.ts';
import { type Frame, parseForeign } from './frames.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import type { Link } from './tool-link.ts';

export interface JobOutcome extends SandboxOutcome {
  /** The tool came to its own end, and the process may be asked to begin anew. */
  readonly isClean: boolean;
}

type Ending = Omit<JobOutcome, 'ms'>;

/** How long a tool that is stopped has to finish a line, in milliseconds. */
const GRACE_MS = 25;
const MAX_LOGS = 1_000;
const MAX_LOG_CHARS = 10_000;
const MAX_PROGRESS_CHARS = 1_000;
const MAX_ERROR_CHARS = 2_000;

/** Runs one job. Resolves when the tool answered, failed or was stopped; the process is still there. Rejects with a bug of what answers its questions. */
export async function runJob(link: Link, request: SandboxRequest): Promise<JobOutcome> {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Ending>();
  const fail = (status: SandboxOutcome['status'], error: string): void =>
    resolve({ status, output: null, error, isClean: false });
  const { code, input, limits, signal } = request;
  const over = new AbortController();
  let isStopped = false;
  const stop = (status: 'timeout' | 'cancelled', error: string): void => {
    isStopped = true;
    link.send({ type: 'stop' });
    setTimeout(() => fail(status, error), GRACE_MS);
  };
  const deadline = setTimeout(() => stop('timeout', `it took longer than ${limits.wallMs} ms`), limits.wallMs);
  const onAbort = (): void => stop('cancelled', 'it was stopped');
  if (signal.aborted) fail('cancelled', 'it was stopped');
  else signal.addEventListener('abort', onAbort, { once: true });
  // What it says of its end after it was stopped changes nothing.
  const end = (ending: Ending): void => (isStopped ? undefined : resolve(ending));
  link.listen({
    onFrame: handleFrames(request, createAnswers(link, request.ask, over.signal, reject), end),
    onFault: (reason) => fail('error', `its messages were cut off: ${reason}`),
  });
  void link.ended.then((how) => fail('error', `its process ended with ${how}: it ran out of memory or stopped itself`));
  const inputText = input === null ? null : JSON.stringify(input);
  link.send({ type: 'job', code, input: inputText, memoryBytes: limits.memoryBytes });
  try {
    return { ...(await promise), ms: Math.round(performance.now() - startedAt) };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', onAbort);
    over.abort(new ClawError('cancelled', 'The tool call has ended.'));
  }
}

/** What the child may say while its job runs; anything else ends it. */
function handleFrames(
  request: SandboxRequest,
  answer: (frame: Frame) => void,
  resolve: (ending: Ending) => void,
): (frame: Frame) => void {
  const { limits } = request;
  const fail = (error: string): void => resolve({ status: 'error', output: null, error, isClean: false });
  let asks = 0;
  let lines = 0;
  return (frame) => {
    switch (frame['type']) {
      case 'log':
      case 'progress':
        lines += 1;
        if (lines <= MAX_LOGS) tell(request, frame);
        return;
      case 'done':
        resolve(readResult(frame, limits.outputBytes));
        return;
      case 'ask':
        asks += 1;
        if (asks > limits.asks) fail(`it asked more than ${limits.asks} times`);
        else answer(frame);
        return;
      default:
        fail('it sent an unknown message');
    }
  };
}

function tell({ onLog, onProgress }: SandboxRequest, { type, text }: Frame): void {
  if (typeof text !== 'string') return;
  if (type === 'log') onLog?.(text.slice(0, MAX_LOG_CHARS));
  else onProgress?.(text.slice(0, MAX_PROGRESS_CHARS));
}

function readResult(frame: Frame, outputBytes: number): Ending {
  const failed = (error: string, isClean: boolean): Ending => ({ status: 'error', output: null, error, isClean });
  const { result } = frame;
  if (typeof result !== 'string') return failed('it gave no answer', false);
  const room = outputBytes + ENVELOPE_CHARS;
  if (Buffer.byteLength(result) > room) return failed(`its answer is longer than ${outputBytes} bytes`, false);
  try {
    const { ok, output, error } = parseForeign(result) as { ok?: unknown; output?: JsonValue; error?: unknown };
    if (ok === true) return { status: 'ok', output: output ?? null, isClean: true };
    return failed(String(error).slice(0, MAX_ERROR_CHARS), true);
  } catch (error) {
    if (error instanceof RangeError) return failed(`its answer is too intricate: ${error.message}`, false);
    return failed('its answer is no JSON text', false);
  }
}

/** Around the answer itself: {"ok":true,"output":…}. */
const ENVELOPE_CHARS = 64;
