/** Owns one job of a tool process: what the tool may say while it runs, the end at the deadline, and how much of everything. Nothing it says is trusted. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { createAnswers } from './answer-questions.ts';
import { type Frame, parseForeign } from './frames.ts';
import type { SandboxOutcome, SandboxRequest } from './sandbox.ts';
import type { Link } from './tool-link.ts';

export interface JobOutcome {
  readonly outcome: SandboxOutcome;
  /** The tool came to its own end and said so; its process may be asked to begin anew. */
  readonly isClean: boolean;
}

interface Ending {
  readonly outcome: Omit<SandboxOutcome, 'ms'>;
  readonly isClean: boolean;
}

const MAX_LOGS = 1_000;
const MAX_LOG_CHARS = 10_000;
const MAX_PROGRESS_CHARS = 1_000;
const MAX_ERROR_CHARS = 2_000;
/** Around the answer itself: {"ok":true,"output":…}. */
const ENVELOPE_CHARS = 64;

/** Runs one job. Resolves when the tool answered, failed or is to be stopped; the process is still there. */
export async function runJob(link: Link, request: SandboxRequest): Promise<JobOutcome> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const { code, input, limits, signal } = request;
  const stop = (status: SandboxOutcome['status'], error: string): void => resolve(cutOff(error, status));
  const deadline = setTimeout(() => stop('timeout', `it took longer than ${limits.wallMs} ms`), limits.wallMs);
  const onAbort = (): void => stop('cancelled', 'it was stopped');
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  link.listen({
    onFrame: handleFrames(request, createAnswers(link, request.ask, over.signal), resolve),
    onFault: (reason) => stop('error', `its messages were cut off: ${reason}`),
  });
  void link.ended.then((how) => stop('error', `its process ended with ${how}: it ran out of memory or stopped itself`));
  const inputText = input === null ? null : JSON.stringify(input);
  const { memoryBytes, wallMs: deadlineMs } = limits;
  link.send({ type: 'job', code, input: inputText, memoryBytes, deadlineMs });
  const { outcome, isClean } = await promise;
  clearTimeout(deadline);
  signal.removeEventListener('abort', onAbort);
  over.abort(new ClawError('cancelled', 'The tool call has ended.'));
  return { outcome: { ...outcome, ms: Math.round(performance.now() - startedAt) }, isClean };
}

/** What the child may say while its job runs; anything else ends it. */
function handleFrames(
  request: SandboxRequest,
  answer: (frame: Frame) => void,
  resolve: (ending: Ending) => void,
): (frame: Frame) => void {
  const { limits } = request;
  let asks = 0;
  let lines = 0;
  let isOver = false;
  const end = (ending: Ending): void => {
    isOver = true;
    resolve(ending);
  };
  return (frame) => {
    // What follows in the same breath is nobody's any more.
    if (isOver) return;
    switch (frame['type']) {
      case 'log':
      case 'progress':
        lines += 1;
        if (lines <= MAX_LOGS) tell(request, frame);
        return;
      case 'done':
        end(readResult(frame, limits.outputBytes));
        return;
      case 'timeout':
        end(cutOff(`it took longer than ${limits.wallMs} ms`, 'timeout'));
        return;
      case 'ask':
        asks += 1;
        if (asks > limits.asks) end(cutOff(`it asked more than ${limits.asks} times`));
        else answer(frame);
        return;
      default:
        end(cutOff('it sent an unknown message'));
    }
  };
}

function tell({ onLog, onProgress }: SandboxRequest, { type, text }: Frame): void {
  if (typeof text !== 'string') return;
  if (type === 'log') onLog?.(text.slice(0, MAX_LOG_CHARS));
  else onProgress?.(text.slice(0, MAX_PROGRESS_CHARS));
}

function readResult(frame: Frame, outputBytes: number): Ending {
  const { result } = frame;
  if (typeof result !== 'string') return cutOff('it gave no answer');
  if (Buffer.byteLength(result) > outputBytes + ENVELOPE_CHARS)
    return cutOff(`its answer is longer than ${outputBytes} bytes`);
  try {
    const { ok, output, error } = parseForeign(result) as { ok?: unknown; output?: JsonValue; error?: unknown };
    if (ok === true) return { outcome: { status: 'ok', output: output ?? null }, isClean: true };
    const said = typeof error === 'string' ? error.slice(0, MAX_ERROR_CHARS) : 'it failed';
    return { outcome: { status: 'error', output: null, error: said }, isClean: true };
  } catch (error) {
    if (error instanceof RangeError) return cutOff(`its answer is too intricate: ${error.message}`);
    return cutOff('its answer is no JSON text');
  }
}

function cutOff(error: string, status: SandboxOutcome['status'] = 'error'): Ending {
  return { outcome: { status, output: null, error }, isClean: false };
}
