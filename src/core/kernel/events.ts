/** Owns the events of a turn: the only thing a surface (REPL, print mode, HTTP, WebSocket, bots) ever sees of it. */
import type { Phrase } from './language/phrase.ts';
import type { JsonObject, ToolCallPart, ToolStatus } from './messages.ts';

/** Why a turn ended. `complete` is the only one that is not told to the user. */
export type StopReason =
  | 'complete'
  /** The model calls tools of the caller, who runs them. */
  | 'tool-calls'
  | 'max-output-tokens'
  | 'max-tool-rounds'
  | 'max-tokens'
  | 'max-cost'
  | 'max-time'
  | 'repeated-calls'
  | 'repeated-failures'
  | 'refusal'
  | 'interrupted'
  | 'error';

export interface TurnUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** USD; null when a price is unknown. */
  readonly costUsd: number | null;
}

export interface ToolSummary {
  readonly name: string;
  readonly status: ToolStatus;
  readonly ms: number;
}

export interface TurnStart {
  readonly type: 'turn-start';
  readonly conversationId: string;
  readonly turnId: string;
  /** `provider/model`. */
  readonly model: string;
  /** True when an interrupted turn goes on. */
  readonly resumed: boolean;
}
export interface TextDelta {
  readonly type: 'text-delta';
  readonly text: string;
}
export interface ReasoningDelta {
  readonly type: 'reasoning-delta';
  readonly text: string;
}
export interface ToolStart {
  readonly type: 'tool-start';
  readonly callId: string;
  readonly name: string;
  readonly input: JsonObject;
}
export interface ToolProgress {
  readonly type: 'tool-progress';
  readonly callId: string;
  readonly text: string;
}
export interface ToolEnd {
  readonly type: 'tool-end';
  readonly callId: string;
  readonly name: string;
  readonly status: ToolStatus;
  readonly ms: number;
  /** What the model got, shortened for display. */
  readonly output: string;
}
export interface ApprovalRequest {
  readonly type: 'approval-request';
  readonly approvalId: string;
  readonly callId: string;
  /** The act as parsed by claw, control characters made visible. */
  readonly act: string;
  readonly reason: string;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
}
export interface Notice {
  readonly type: 'notice';
  readonly level: 'info' | 'warning' | 'error';
  /** Stable, for programs: `offline`, `failover`, `trimmed`, `steered`, `stopped` and so on. */
  readonly code: string;
  readonly text: string;
  /** What `text` says, for surfaces that say it in another language; it never leaves claw. */
  readonly phrase?: Phrase;
}
export interface TurnError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** What message and hint say, for surfaces that say it in another language; they never leave claw. */
  readonly phrase?: Phrase;
  readonly hintPhrase?: Phrase;
  /** The HTTP status with which the provider found the request wrong; sending it again is of no use. */
  readonly refusedWith?: 400 | 404;
}
export interface TurnEnd {
  readonly type: 'turn-end';
  readonly conversationId: string;
  readonly turnId: string;
  readonly model: string;
  /** The whole visible answer. Equals the joined `text-delta` events of the turn. */
  readonly text: string;
  readonly stopReason: StopReason;
  readonly usage: TurnUsage;
  readonly tools: readonly ToolSummary[];
  /** Set when `stopReason` is `tool-calls`. */
  readonly calls?: readonly Pick<ToolCallPart, 'callId' | 'name' | 'input'>[];
  /** Set when `stopReason` is `error`. */
  readonly error?: TurnError;
}

export type TurnEvent =
  | TurnStart
  | TextDelta
  | ReasoningDelta
  | ToolStart
  | ToolProgress
  | ToolEnd
  | ApprovalRequest
  | Notice
  | TurnEnd;
