/** Owns what the registry needs of the walls: a tool describes itself in them, and runs in them. */
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import type { BrokerServices } from '../sandbox/broker.ts';
import type { ToolPermissions } from './permissions.ts';

export interface ToolExample {
  readonly input: JsonObject;
  /** What the tool should answer; undefined when only that it answers. */
  readonly output?: JsonValue;
}

/** What a tool says of itself. A claim, until it was checked. */
export interface SelfDescription {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly permissions: ToolPermissions;
  readonly examples: readonly ToolExample[];
  readonly runtime: 'quickjs' | 'node';
  /** May run at the same time as other calls. */
  readonly parallel: boolean;
  /** Running it twice does no harm. */
  readonly idempotent: boolean;
  /** Where its answer comes from. */
  readonly provenance: 'tool' | 'web' | 'file';
}

export interface ToolRun {
  readonly status: 'ok' | 'error' | 'refused' | 'timeout';
  /** Of a good run. */
  readonly output: JsonValue;
  /** Of any other. */
  readonly error?: string;
  readonly ms: number;
  /** The caller gave a wrong input; the tool never ran. */
  readonly isCallersFault?: true;
}

export interface ToolRunRequest {
  /** Without types. */
  readonly code: string;
  readonly runtime: 'quickjs' | 'node';
  readonly input: JsonObject;
  readonly grant: ToolPermissions;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Calls of the same code in one turn may share a process, never an engine. */
  readonly turn?: string;
  /** What does the work of a question that the grant covers; absent in a trial, where nothing is granted. */
  readonly services?: BrokerServices;
  readonly onProgress?: (text: string) => void;
  /** Told each refusal of a question, whatever the tool makes of it. */
  readonly onRefusal?: (reason: string) => void;
}

export interface ToolSandbox {
  /** Loads the code in the walls, with nothing granted, and asks what it is. Throws `ClawError` with the reason. */
  describe(code: string, signal?: AbortSignal, turn?: string): Promise<SelfDescription>;
  run(request: ToolRunRequest): Promise<ToolRun>;
}
