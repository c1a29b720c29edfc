/** What the stand-ins of the providers have in common: one description of an answer, spoken in each one's public wire format, and one way to read their requests. */
import type { JsonObject } from '../../../src/core/kernel/messages.ts';
import type { ModelReply, Piece, SeenRequest } from './model-server.ts';

export interface SpokenCall {
  readonly id?: string;
  readonly name: string;
  readonly input: JsonObject;
  /** Sent instead of the JSON of `input`. */
  readonly rawInput?: string;
}

export interface SpokenAnswer {
  readonly reasoning?: string;
  /** Signature or its like, where the wire has one. */
  readonly opaque?: string;
  /** Sent in these pieces. */
  readonly text?: readonly string[];
  readonly calls?: readonly SpokenCall[];
  readonly stop?: 'complete' | 'tool-calls' | 'max-output-tokens' | 'refusal';
  readonly usage?: {
    readonly input: number;
    readonly output: number;
    readonly cached?: number;
    readonly cacheWrite?: number;
  };
}

export const DEFAULT_USAGE = { input: 120, output: 30, cached: 0, cacheWrite: 0 };

export interface ToolResultSeen {
  readonly id: string;
  readonly output: string;
}

export interface Wire {
  /** The events of an answer, one piece each. */
  speak(answer: SpokenAnswer): Piece[];
  /** The beginning of an answer that says `Hello`; the end is left out. */
  opening(): Piece[];
  /** An error body, as the provider documents it. */
  errorBody(status: number, message: string): unknown;
  /** An error event in the middle of a stream: the provider is overloaded. */
  overloadedEvent(): string;
  /** An event that is no JSON. */
  malformedEvent(): string;
  /** Everything a request must fulfil or the provider refuses it; sentences of what is wrong. */
  complaints(request: SeenRequest): string[];
  /** Text of the system prompt. */
  system(request: SeenRequest): string;
  /** Texts of user and assistant messages, in order. */
  texts(request: SeenRequest): string[];
  images(request: SeenRequest): { mediaType: string; data: string }[];
  calls(request: SeenRequest): { id: string; name: string; input: unknown }[];
  results(request: SeenRequest): ToolResultSeen[];
  /** Opaque reasoning data that came back. */
  opaques(request: SeenRequest): string[];
  tools(request: SeenRequest): string[];
  maxTokens(request: SeenRequest): number;
}

/** A reply that streams an answer. */
export function spoken(wire: Wire, answer: SpokenAnswer): ModelReply {
  return { pieces: wire.speak(answer) };
}

export function stopOf(answer: SpokenAnswer): NonNullable<SpokenAnswer['stop']> {
  return answer.stop ?? ((answer.calls?.length ?? 0) > 0 ? 'tool-calls' : 'complete');
}
