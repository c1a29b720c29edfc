/** Owns how the registry's tools reach the walls: a description with nothing granted, a call with exactly the grant of its version. */
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { type BrokerServices, createBroker } from '../sandbox/broker.ts';
import { type Ask, DEFAULT_LIMITS, type Sandbox } from '../sandbox/sandbox.ts';
import { NO_PERMISSIONS } from './permissions.ts';
import type { SelfDescription, ToolRun, ToolRunRequest, ToolSandbox } from './tool-sandbox.ts';

/** The services that do not depend on the call. */
export type WallServices = Omit<BrokerServices, 'host'>;

/** A description comes from loading the module and nothing more. */
const DESCRIBE_MS = 5_000;

export function createToolSandbox(sandbox: Sandbox, services: WallServices): ToolSandbox {
  return {
    async describe(code, signal = new AbortController().signal) {
      const limits = { ...DEFAULT_LIMITS, wallMs: DESCRIBE_MS };
      // A tool that needs Node's modules does not load in QuickJS, so its own word decides where it is asked.
      const runtime = wantsNode(code) ? 'node' : 'quickjs';
      const outcome = await sandbox.run({ code, runtime, input: null, limits, ask: refuseAll, signal });
      if (outcome.status !== 'ok') throw new ClawError('data-invalid', outcome.error ?? 'it does not load');
      return readDescription(outcome.output);
    },
    run: (request) => runWalled(sandbox, services, request),
  };
}

async function runWalled(sandbox: Sandbox, services: WallServices, request: ToolRunRequest): Promise<ToolRun> {
  const { code, runtime, input, grant, timeoutMs, signal, onProgress } = request;
  let refusal: string | undefined;
  const ask = createBroker(grant, { ...services, host: request.service }, (reason) => {
    refusal ??= reason;
  });
  const limits = { ...DEFAULT_LIMITS, wallMs: timeoutMs };
  try {
    const outcome = await sandbox.run({ code, runtime, input, limits, ask, signal, ...(onProgress === undefined ? {} : { onProgress }) });
    if (outcome.status === 'ok') return { status: 'ok', output: outcome.output, ms: outcome.ms };
    // A tool that failed because it was refused something is a refusal, with the broker's words, not the tool's.
    const status = outcome.status === 'timeout' ? 'timeout' : refusal === undefined ? 'error' : 'refused';
    return { status, output: null, error: refusal ?? outcome.error ?? 'it failed', ms: outcome.ms };
  } catch (error) {
    if (!(error instanceof ClawError) || error.code !== 'sandbox-unavailable') throw error;
    return { status: 'refused', output: null, error: `${error.message} ${error.hint ?? ''}`.trim(), ms: 0 };
  }
}

const refuseAll: Ask = async () => {
  throw new ClawError('sandbox-refused', 'a tool that describes itself may ask nothing');
};

/** `runtime: 'node'` as a literal, or an import of a Node module. A wrong guess only chooses the wall in which loading fails. */
function wantsNode(code: string): boolean {
  return /\bruntime\s*:\s*['"]node['"]/.test(code) || /\bfrom\s*['"]node:/.test(code);
}

/** Takes the child's word apart; the registry checks every field. */
function readDescription(output: JsonValue): SelfDescription {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) throw new ClawError('data-invalid', 'it does not describe itself');
  const { name, description, inputSchema, permissions, examples, runtime, parallel, idempotent, provenance } = output;
  const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeof name !== 'string' || typeof description !== 'string') throw new ClawError('data-invalid', 'it has no name or no description');
  if (!isObject(inputSchema)) throw new ClawError('data-invalid', 'its input is no JSON Schema');
  return {
    name,
    description,
    inputSchema,
    permissions: (isObject(permissions) ? permissions : NO_PERMISSIONS) as unknown as SelfDescription['permissions'],
    examples: (Array.isArray(examples) ? examples : []) as unknown as SelfDescription['examples'],
    runtime: runtime === 'node' ? 'node' : 'quickjs',
    parallel: parallel !== false,
    idempotent: idempotent === true,
    provenance: provenance === 'web' || provenance === 'file' ? provenance : 'tool',
  };
}
