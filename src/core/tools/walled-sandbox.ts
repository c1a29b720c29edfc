/** Owns the way of a tool into the walls: what it says of itself is taken as a claim of the right shape, and what it asks goes through the broker. */
import { z } from 'zod';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { type BrokerServices, createBroker } from '../sandbox/broker.ts';
import { DEFAULT_LIMITS, type Sandbox, type SandboxOutcome } from '../sandbox/sandbox.ts';
import { NO_PERMISSIONS, TOOL_PERMISSIONS } from './permissions.ts';
import type { SelfDescription, ToolRun, ToolSandbox } from './tool-sandbox.ts';

/** What claw does for a tool besides its services by name. */
export type WallServices = Omit<BrokerServices, 'host'>;

const DESCRIBE_TIMEOUT_MS = 10_000;
const JSON_OBJECT = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

const DESCRIPTION = z.object({
  name: z.string().max(200),
  description: z.string().max(20_000),
  inputSchema: JSON_OBJECT,
  permissions: TOOL_PERMISSIONS,
  examples: z.array(z.object({ input: JSON_OBJECT, output: z.custom<JsonValue>().optional() })).max(100),
  runtime: z.enum(['quickjs', 'node']),
  parallel: z.boolean(),
  idempotent: z.boolean(),
  provenance: z.enum(['tool', 'web', 'file']),
});

export function createToolSandbox(sandbox: Sandbox): ToolSandbox {
  return {
    async describe(code, signal = AbortSignal.timeout(2 * DESCRIBE_TIMEOUT_MS), turn) {
      const limits = { ...DEFAULT_LIMITS, wallMs: DESCRIBE_TIMEOUT_MS };
      const outcome = await sandbox.run({
        code,
        runtime: runtimeOf(code),
        input: null,
        limits,
        ask: refuseAll(() => {}),
        signal,
        ...(turn === undefined ? {} : { turn }),
      });
      if (outcome.status !== 'ok') throw new ClawError('data-invalid', outcome.error ?? outcome.status);
      const read = DESCRIPTION.safeParse(outcome.output);
      if (read.success) return read.data as SelfDescription;
      const [issue] = read.error.issues;
      throw new ClawError(
        'data-invalid',
        `what it says of itself is not well formed (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
      );
    },
    async run({ code, runtime, input, grant, timeoutMs, signal, turn, services, onProgress, onRefusal }) {
      const refusals: string[] = [];
      const note = (reason: string): void => {
        if (!refusals.includes(reason)) onRefusal?.(reason);
        refusals.push(reason);
      };
      const ask = services === undefined ? refuseAll(note) : createBroker(grant, noting(services, note), note);
      const limits = { ...DEFAULT_LIMITS, wallMs: timeoutMs };
      const more = { ...(onProgress && { onProgress }), ...(turn !== undefined && { turn }) };
      return toRun(await sandbox.run({ code, runtime, input, limits, ask, signal, ...more }), refusals);
    },
  };
}

/** Which wall is to load a tool that has not said yet: one that imports Node's modules can load in no other. */
function runtimeOf(code: string): 'quickjs' | 'node' {
  return /\bruntime\s*:\s*(['"`])node\1/.test(code) ? 'node' : 'quickjs';
}

function refuseAll(note: (reason: string) => void) {
  return createBroker(
    NO_PERMISSIONS,
    { fetch: nothing, files: nothing, exec: nothing, secret: nothing, host: nothing },
    note,
  );
}

async function nothing(): Promise<never> {
  throw new ClawError('sandbox-refused', 'nothing is granted here');
}

/** The same services; what they refuse is noted, because to the tool it is an error like any other. */
function noting(services: BrokerServices, note: (reason: string) => void): BrokerServices {
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof ClawError && (error.code.startsWith('sandbox-') || error.code === 'permission-denied'))
        note(error.message);
      throw error;
    }
  };
  return {
    fetch: (request, signal) => watch(services.fetch(request, signal)),
    files: (method, args, folders) => watch(services.files(method, args, folders)),
    exec: (program, args, input, signal) => watch(services.exec(program, args, input, signal)),
    secret: (name) => watch(services.secret(name)),
    host: (service, method, args) => watch(services.host(service, method, args)),
  };
}

/** A tool that failed because it was refused something was refused. */
function toRun({ status, output, error, ms }: SandboxOutcome, refusals: readonly string[]): ToolRun {
  if (status === 'ok') return { status, output, ms };
  const message = error ?? status;
  const refusal = refusals.find((reason) => message.includes(reason));
  if (refusal !== undefined) return { status: 'refused', output: null, error: refusal, ms };
  return { status: status === 'timeout' ? 'timeout' : 'error', output: null, error: message, ms };
}
