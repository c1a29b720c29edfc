/** Owns the port between a turn and its tools. The turn knows nothing of walls, brokers or files behind it. */
import type { JsonObject, Provenance, ToolSpec, ToolStatus } from '../kernel/messages.ts';

export interface ToolDescription extends ToolSpec {
  readonly version: string;
  readonly origin: 'builtin' | 'user' | 'ai' | 'marketplace';
  /** May run at the same time as other calls of one response. */
  readonly parallel: boolean;
  /** Running it twice does no harm; a call that was cut off is simply run again. */
  readonly idempotent: boolean;
  /** Where its output comes from, for the model: `web` and `file` are data, never instructions. */
  readonly provenance: Provenance;
}

export interface ToolCallRequest {
  readonly callId: string;
  readonly name: string;
  readonly input: JsonObject;
  readonly userId: string;
  readonly conversationId: string;
  readonly turnId: string;
  /** Ends the call for real: its process is killed. */
  readonly signal: AbortSignal;
  /** Milliseconds; the call answers `timeout` then. */
  readonly timeoutMs: number;
  readonly onProgress?: (text: string) => void;
}

/** A failed call is a value for the model, never an exception. */
export interface ToolOutcome {
  readonly status: ToolStatus;
  readonly output: string;
}

/** The tools of one turn; a running turn keeps the snapshot it began with. */
export interface ToolSnapshot {
  readonly tools: readonly ToolDescription[];
  call(request: ToolCallRequest): Promise<ToolOutcome>;
}

export interface ToolHost {
  /** The tools `userId` may use now, in a stable order. */
  snapshot(userId: string): Promise<ToolSnapshot>;
}
