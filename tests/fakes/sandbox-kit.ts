/** Owns the real walls for tests: built child programs, limits that keep a test short. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/core/kernel/messages.ts';
import type { Layer } from '../../src/core/sandbox/child-command.ts';
import { createProcessSandbox } from '../../src/core/sandbox/process-sandbox.ts';
import {
  type Ask,
  DEFAULT_LIMITS,
  type Runtime,
  type Sandbox,
  type SandboxLimits,
  type SandboxOutcome,
} from '../../src/core/sandbox/sandbox.ts';

const CHILD_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'sandbox');

/** The walls of this machine without the named layers; closed when the test ends. */
export function openSandbox(without: readonly Layer[] = [], idleMs = 10_000): Sandbox {
  const sandbox = createProcessSandbox({ folder: CHILD_FOLDER, idleMs, without: new Set(without) });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

interface Options {
  readonly runtime?: Runtime;
  readonly input?: JsonObject | null;
  readonly limits?: Partial<SandboxLimits>;
  readonly turn?: string;
  readonly ask?: Ask;
  readonly signal?: AbortSignal;
  readonly onLog?: (text: string) => void;
  readonly onProgress?: (text: string) => void;
}

export function runTool(sandbox: Pick<Sandbox, 'run'>, code: string, options: Options = {}): Promise<SandboxOutcome> {
  const { runtime = 'quickjs', input = {}, limits, signal = new AbortController().signal, ask, ...listeners } = options;
  return sandbox.run({
    code,
    runtime,
    input,
    signal,
    limits: { ...DEFAULT_LIMITS, wallMs: 3_000, ...limits },
    ask: ask ?? (async (service, method, args): Promise<JsonValue> => ({ service, method, args })),
    ...listeners,
  });
}
