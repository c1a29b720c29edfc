/** Owns the port to every model: one request, one stream of typed events. Adapters convert; they never retry, log or read settings. */
import type { Message, Part, ToolSpec, Usage } from '../kernel/messages.ts';

export interface SystemPart {
  readonly text: string;
  /** A stable boundary: everything up to here is the same in the next request of this conversation. */
  readonly cacheBreakpoint?: boolean;
}

/** What a caller may ask of a model besides its prompt; absent: the provider's own way. */
export interface CallOptions {
  /** 0 to 2, as OpenAI counts it. */
  readonly temperature?: number;
  /** Texts that end the answer and are no part of it. */
  readonly stop?: readonly string[];
  /** A name: that tool must be called. */
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
}

export interface ModelRequest {
  readonly system: readonly SystemPart[];
  /** Begins with a user message; every tool call is followed by its result. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** Read at the beginning of each try. */
  readonly maxOutputTokens: number;
  /** What the provider cannot do is refused by its adapter with `invalid-request`. */
  readonly options?: CallOptions;
  readonly signal: AbortSignal;
}

export type ModelStopReason = 'complete' | 'tool-calls' | 'max-output-tokens' | 'refusal';

/** A try that failed before anything of an answer came. */
export interface LostTry {
  readonly type: 'try-lost';
  /** `provider/model`. */
  readonly model: string;
  readonly failure: ModelFailureKind;
  /** What it is billed for; absent when nothing is. */
  readonly usage?: Usage;
  /** True when `usage` is claw's own estimate. */
  readonly isEstimated?: true;
}

export type ModelEvent =
  /** The provider has accepted the request (response headers or first event). Nothing visible has been sent yet. */
  | { readonly type: 'response-start'; readonly requestId?: string }
  /** The call waits or goes another way; nothing of an answer has come, but there may be notices to take. */
  | { readonly type: 'waiting' }
  /** What the provider has counted so far: it bills that even when the answer breaks off. A later one corrects it. */
  | { readonly type: 'usage'; readonly usage: Usage }
  /** A try failed before anything of an answer came, and another follows: it begins once the reader asks for the next event. */
  | LostTry
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /** Exactly one, last. `parts` is the whole assistant message, ready to be sent back. */
  | {
      readonly type: 'response-end';
      readonly parts: readonly Part[];
      readonly stopReason: ModelStopReason;
      readonly usage: Usage;
      /** True when the provider did not count and `usage` is claw's own estimate. */
      readonly isEstimated?: boolean;
    };

/** Why a model call failed, typed by status and provider code, never by searching its text. */
export type ModelFailureKind =
  | 'auth' // 401
  | 'forbidden' // 403
  | 'invalid-request' // 400, 404, 413, 422
  | 'rate-limited' // 429
  | 'usage-limit' // 429 of a subscription or quota, until `retryAfterMs`
  | 'overloaded' // 503, 529
  | 'server' // 500, 502, 504
  | 'network' // refused, reset, DNS, TLS
  | 'timeout' // silent before it accepted the request
  | 'broken-stream' // ended early, or an event that is no valid JSON
  | 'cancelled'; // the request's own signal

/** Thrown by adapters from `stream`. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly kind: ModelFailureKind;
  readonly provider: string;
  readonly status: number | undefined;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ModelFailureKind,
    message: string,
    details: {
      readonly provider: string;
      readonly status?: number | undefined;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.kind = kind;
    this.provider = details.provider;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

export interface LanguageModel {
  /** `anthropic`, `openai`, `google`, `copilot`, `openai-compatible`, `replay`, `offline`. */
  readonly provider: string;
  /** The id the provider knows. */
  readonly model: string;
  /** Streams one response. Throws `ModelFailure`. Stops within a second of `request.signal` aborting. */
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
}
