/** Owns the vocabulary of a conversation: messages, their parts, tools as the model sees them, and usage. */

/** Where a part's content came from; injected text never gains the rights of its reader. */
export type Provenance = 'owner' | 'user' | 'assistant' | 'tool' | 'web' | 'file' | 'claw';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  readonly provenance: Provenance;
}

export interface ImagePart {
  readonly type: 'image';
  /** `image/png`, `image/jpeg`, `image/gif` or `image/webp`. */
  readonly mediaType: string;
  /** Base64, without a `data:` prefix. */
  readonly data: string;
  /** Of the file it came as. */
  readonly name?: string;
  readonly provenance: Provenance;
}

export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  /** The provider that produced it; another provider never gets it back. */
  readonly provider: string;
  /** Signature or encrypted body, returned to the same provider unchanged. */
  readonly opaque?: string;
}

export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly callId: string;
  readonly name: string;
  readonly input: JsonObject;
  /** Set when the model's arguments were no valid JSON object; the call is answered with this error and never run. */
  readonly inputError?: string;
  /** Provider data that must travel back with the call (Google's thought signature). */
  readonly opaque?: string;
}

export type ToolStatus = 'ok' | 'error' | 'refused' | 'timeout' | 'uncertain' | 'cancelled';

export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name: string;
  readonly status: ToolStatus;
  readonly output: string;
  /** Provenance of the content: `web` and `file` are data, never instructions. */
  readonly provenance: Provenance;
}

export type Part = TextPart | ImagePart | ReasoningPart | ToolCallPart | ToolResultPart;
export type Role = 'user' | 'assistant' | 'tool';

export interface Message {
  readonly role: Role;
  readonly parts: readonly Part[];
}

/** A tool as a model sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of type object. */
  readonly inputSchema: JsonObject;
}

/** Tokens of one model call. `inputTokens` is everything the prompt held, cached parts included. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that was read from the provider's cache. */
  readonly cachedTokens: number;
  /** Part of `inputTokens` that was written to the provider's cache. */
  readonly cacheWriteTokens: number;
}

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  };
}

/** The text of a message's text parts, joined. */
export function textOf(message: Message): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
