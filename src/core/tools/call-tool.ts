/** Owns one call of a tool: input checked, run in the wall with what it was granted, ended at its deadline. The time a person takes to decide does not count. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import type { BrokerServices } from '../sandbox/broker.ts';
import type { ToolPermissions } from './permissions.ts';
import type { ToolEntry } from './registry/registry-view.ts';
import type { ApprovalAnswer, ApprovalGate, ApprovalQuestion, ToolCallRequest } from './tool-port.ts';
import type { ToolRun, ToolSandbox } from './tool-sandbox.ts';
import { validateInput } from './validate-input.ts';
import type { WallServices } from './walled-sandbox.ts';

/** What a service of claw knows of the call it serves. */
export interface ServiceScope {
  readonly tool: ToolEntry;
  readonly call: CallRequest;
  /** Asks a person; the deadline stands still meanwhile. */
  ask(question: ApprovalQuestion): Promise<ApprovalAnswer>;
}

/** A service: answers one question of a tool. Throws `ClawError` for a refusal. */
export type Service = (method: string, args: JsonObject, scope: ServiceScope) => Promise<JsonValue>;

/** What claw does for tools besides its services by name, for one call. */
export type OutsideServices = (scope: ServiceScope) => WallServices;

export interface CallDeps {
  readonly sandbox: ToolSandbox;
  readonly outside: OutsideServices;
  /** What the tool may reach: its permissions, and what the operator set up for it. */
  readonly grantOf: (entry: ToolEntry) => ToolPermissions;
  readonly services: Readonly<Record<string, Service>>;
  readonly approvals: ApprovalGate;
  readonly clock: Clock;
  /** Writes down what the walls refused in one call. */
  readonly refused: (scope: ServiceScope, reasons: readonly string[]) => Promise<void>;
}

export type CallRequest = Omit<ToolCallRequest, 'conversationId' | 'turnId' | 'name'> & {
  /** Null outside a conversation. */
  readonly conversationId: string | null;
  /** Absent outside a turn. */
  readonly turnId?: string;
};

interface Callable {
  readonly entry: ToolEntry;
  code(): Promise<string>;
}

/** Calls a tool. Every failure is a result. */
export async function callTool(deps: CallDeps, { entry, code }: Callable, request: CallRequest): Promise<ToolRun> {
  const started = deps.clock.elapsed();
  const since = (): number => Math.round(deps.clock.elapsed() - started);
  const { description } = entry;
  if (description === undefined)
    return { status: 'refused', output: null, error: entry.reason ?? 'it cannot run', ms: 0 };
  const valid = validateInput(description.inputSchema, request.input);
  if (!valid.ok) {
    return {
      status: 'error',
      output: null,
      error: `The input does not fit: ${valid.problem}.`,
      ms: since(),
      isCallersFault: true,
    };
  }
  const deadline = pausableDeadline(deps.clock, request.timeoutMs);
  const signal = AbortSignal.any([deadline.signal, request.signal]);
  const scope: ServiceScope = {
    tool: entry,
    call: { ...request, signal: request.signal },
    ask: (question) => deadline.pauseFor(deps.approvals.ask(question, { ...request, signal: request.signal })),
  };
  const refusals: string[] = [];
  try {
    const run = await deps.sandbox.run({
      onRefusal: (reason) => void refusals.push(reason),
      code: await code(),
      runtime: description.runtime,
      input: valid.input,
      grant: deps.grantOf(entry),
      // The deadline here can stand still; the sandbox's own is only the last resort.
      timeoutMs: request.timeoutMs + LONGEST_PAUSE_MS,
      signal,
      services: { ...deps.outside(scope), host: hostService(deps.services, scope) },
      ...(request.turnId === undefined ? {} : { turn: request.turnId }),
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    });
    return deadline.signal.aborted ? timedOut(request.timeoutMs, since()) : { ...run, ms: since() };
  } catch (error) {
    if (deadline.signal.aborted) return timedOut(request.timeoutMs, since());
    return failure(error, since());
  } finally {
    deadline.cancel();
    if (refusals.length > 0) await deps.refused(scope, refusals);
  }
}

/** A day: a person may take that long, a tool may not. */
const LONGEST_PAUSE_MS = 86_400_000;

function hostService(services: CallDeps['services'], scope: ServiceScope): BrokerServices['host'] {
  return async (name, method, args) => {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (service === undefined)
      throw new ClawError('sandbox-refused', `claw has no service named ${JSON.stringify(name)}`);
    return service(method, args, scope);
  };
}

function failure(error: unknown, ms: number): ToolRun {
  const { message } = toError(error);
  const isRefusal =
    error instanceof ClawError && (error.code.startsWith('sandbox-') || error.code === 'permission-denied');
  return { status: isRefusal ? 'refused' : 'error', output: null, error: message, ms };
}

function timedOut(timeoutMs: number, ms: number): ToolRun {
  return { status: 'timeout', output: null, error: `It did not end within ${timeoutMs / 1000} s and was stopped.`, ms };
}

/** A deadline that counts only while nobody is asked. */
function pausableDeadline(clock: Clock, timeoutMs: number) {
  const over = new AbortController();
  let left = timeoutMs;
  let pauses = 0;
  let stop = new AbortController();
  let since = 0;
  const count = (): void => {
    since = clock.elapsed();
    stop = new AbortController();
    clock.sleep(Math.max(0, left), stop.signal).then(
      () => over.abort(new ClawError('limit-reached', 'The time of the call is up.')),
      toError, // paused, or the call ended first
    );
  };
  count();
  return {
    signal: over.signal,
    cancel: () => stop.abort(new Error('The call has ended.')),
    async pauseFor<T>(work: Promise<T>): Promise<T> {
      if (pauses === 0) {
        left -= clock.elapsed() - since;
        stop.abort(new Error('Someone is asked.'));
      }
      pauses += 1;
      try {
        return await work;
      } finally {
        pauses -= 1;
        if (pauses === 0) count();
      }
    },
  };
}
