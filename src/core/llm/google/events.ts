/** Owns the way back from a Gemini stream. Pure conversion, one instance per response. */
import { newId } from '../../kernel/ids.ts';
import type { Usage } from '../../kernel/messages.ts';
import { ModelFailure, type ModelEvent, type ModelStopReason } from '../language-model.ts';
import { ResponseParts } from '../response-parts.ts';
import { checkToolInput } from '../tool-input.ts';
import type { GoogleChunk, GooglePart } from './sdk.ts';

const REFUSALS = new Set([
  'SAFETY',
  'RECITATION',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'SPII',
  'LANGUAGE',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** The model failed to write what the API expects of it; asking again may help. */
const BROKEN = new Set(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'UNEXPECTED_TOOL_CALL']);

export class GoogleResponse {
  readonly #provider: string;
  readonly #parts: ResponseParts;
  #finishReason: string | undefined;
  #isBlocked = false;
  #usage: GoogleChunk['usageMetadata'];

  constructor(provider: string) {
    this.#provider = provider;
    this.#parts = new ResponseParts(provider);
  }

  *read(chunk: GoogleChunk): Generator<ModelEvent> {
    this.#usage = chunk.usageMetadata ?? this.#usage;
    if (chunk.usageMetadata !== undefined) yield { type: 'usage', usage: toUsage(this.#usage) };
    if (chunk.promptFeedback?.blockReason !== undefined) this.#isBlocked = true;
    const candidate = chunk.candidates?.[0];
    this.#finishReason = candidate?.finishReason ?? this.#finishReason;
    for (const part of candidate?.content?.parts ?? []) yield* this.#readPart(part);
  }

  /** The end of the answer; undefined when the stream stopped before the provider gave a reason. */
  end(): ModelEvent | undefined {
    if (this.#finishReason === undefined && !this.#isBlocked) return undefined;
    if (this.#finishReason !== undefined && BROKEN.has(this.#finishReason)) {
      const message = `${this.#provider} ended its answer with ${this.#finishReason}.`;
      throw new ModelFailure('broken-stream', message, { provider: this.#provider });
    }
    const stopReason = this.#stopReason();
    const parts = this.#parts.finish(stopReason === 'max-output-tokens');
    return { type: 'response-end', parts, stopReason, usage: toUsage(this.#usage) };
  }

  *#readPart({ text, thought, thoughtSignature, functionCall }: GooglePart): Generator<ModelEvent> {
    if (functionCall !== undefined) {
      this.#parts.addCall({
        type: 'tool-call',
        callId: functionCall.id ?? `call_${newId().replaceAll('-', '')}`,
        name: functionCall.name ?? '',
        ...checkToolInput(functionCall.args ?? {}),
        ...(thoughtSignature === undefined ? {} : { opaque: thoughtSignature }),
      });
      return;
    }
    if (text !== undefined && text !== '') {
      if (thought === true) this.#parts.addReasoning(text);
      else this.#parts.addText(text);
      yield { type: thought === true ? 'reasoning-delta' : 'text-delta', text };
    }
    if (thoughtSignature !== undefined) this.#parts.sealReasoning(thoughtSignature);
  }

  #stopReason(): ModelStopReason {
    if (this.#isBlocked || REFUSALS.has(this.#finishReason ?? '')) return 'refusal';
    if (this.#finishReason === 'MAX_TOKENS') return 'max-output-tokens';
    return this.#parts.hasCalls ? 'tool-calls' : 'complete';
  }
}

/** `promptTokenCount` includes what was cached; thoughts are billed as output. */
function toUsage(usage: GoogleChunk['usageMetadata'] = {}): Usage {
  return {
    inputTokens: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
    outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    cachedTokens: usage.cachedContentTokenCount ?? 0,
    cacheWriteTokens: 0,
  };
}
