/** Owns the port to the walls: tool code goes in as text, an answer comes out as data. Nothing of a tool is ever loaded in this process. */
import type { JsonObject, JsonValue } from '../kernel/messages.ts';

export type Runtime = 'quickjs' | 'node';

/** Answers one question of the tool, after the grant was checked. Throws `ClawError` for a refusal. */
export type Ask = (service: string, method: string, args: JsonObject, signal: AbortSignal) => Promise<JsonValue>;

export interface SandboxLimits {
  /** Milliseconds from the moment the tool starts to the moment its process is gone. */
  readonly wallMs: number;
  /** Bytes the tool's own data may take. */
  readonly memoryBytes: number;
  /** Bytes of the answer. */
  readonly outputBytes: number;
  /** Questions it may ask. */
  readonly asks: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  wallMs: 30_000,
  memoryBytes: 64 * 1024 * 1024,
  outputBytes: 1024 * 1024,
  asks: 1000,
};

export interface SandboxRequest {
  /** JavaScript, types already stripped. */
  readonly code: string;
  readonly runtime: Runtime;
  /** Null: the tool is to describe itself. */
  readonly input: JsonObject | null;
  readonly limits: SandboxLimits;
  /** Calls of the same code in the same turn may share a process, each with an engine of its own; absent: a process of its own. */
  readonly turn?: string;
  readonly ask: Ask;
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
  readonly onLog?: (text: string) => void;
}

export interface SandboxOutcome {
  readonly status: 'ok' | 'error' | 'timeout' | 'cancelled';
  /** Null unless `ok`. */
  readonly output: JsonValue;
  readonly error?: string;
  /** Milliseconds from the start of the tool. */
  readonly ms: number;
}

export interface WallState {
  readonly name: 'quickjs' | 'bubblewrap' | 'container' | 'documents';
  readonly works: boolean;
  readonly detail: string;
}

export interface Sandbox {
  /** Runs one call. A tool's own failure is a value. Throws `sandbox-unavailable` where the wall it needs is missing. */
  run(request: SandboxRequest): Promise<SandboxOutcome>;
  walls(): Promise<readonly WallState[]>;
  /** Ends every child. */
  close(): Promise<void>;
}
