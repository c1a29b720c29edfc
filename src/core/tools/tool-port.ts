/** Owns the port between a turn and its tools. The turn knows nothing of walls, brokers or files behind it. */
import type { ApprovalRequest, Notice } from '../kernel/events.ts';
import type { JsonObject, JsonValue, Provenance, ToolSpec, ToolStatus, Usage } from '../kernel/messages.ts';

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
  /** Shows a person what waits for a yes or no; absent where nobody can answer, and then nothing is asked but refused. */
  readonly onApproval?: (request: ApprovalRequest) => void;
  /** True: asked for with a key that is good for some things only; what such a key may not do is put before a person. */
  readonly isLimited?: boolean;
  readonly onNotice?: (notice: Notice) => void;
  /** Hears of each model call that the tool had made. */
  readonly onModelCall?: (call: PaidCall) => void;
}

/** A model call that was written down. */
export interface PaidCall {
  /** `provider/model`. */
  readonly model: string;
  readonly state: string;
  readonly usage: Usage;
  /** Micro-USD; null when the price is unknown. */
  readonly cost: number | null;
  /** Micro-USD that it counts as against limits. */
  readonly charged: number;
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

/** An act that a person may have to agree to. */
export interface ApprovalQuestion {
  readonly kind: 'exec' | 'tool';
  /** In one line, as claw parsed it. */
  readonly act: string;
  /** Everything that makes the act what it is; an approval is good for exactly this. */
  readonly exact: JsonValue;
  /** What a wider permission would cover. */
  readonly pattern: string;
  readonly reason: string;
  /** All there is to see before deciding. */
  readonly detail: string;
}

export type ApprovalCaller = Pick<ToolCallRequest, 'callId' | 'userId' | 'signal' | 'onApproval'> & {
  /** Null for a call outside any conversation. */
  readonly conversationId: string | null;
};

export interface ApprovalAnswer {
  readonly isAllowed: boolean;
  /** Why, and what to do next. */
  readonly reason: string;
  /** The request; null when a standing grant answered. */
  readonly approvalId: string | null;
}

/** Asks a person, or finds that one agreed before. */
export interface ApprovalGate {
  ask(question: ApprovalQuestion, caller: ApprovalCaller): Promise<ApprovalAnswer>;
}
