/** Owns the way back from a Chat Completions stream. Pure conversion, one instance per response. */
import { NO_USAGE, type Usage } from '../../kernel/messages.ts';
import type { ModelEvent, ModelStopReason } from '../language-model.ts';
import { ResponseParts } from '../response-parts.ts';
import type { ChatChunk } from './sdk.ts';

/** Fields beside OpenAI's: DeepSeek, vLLM and llama.cpp send the first, OpenRouter and Ollama the second. */
interface ReasoningDelta {
  readonly reasoning_content?: unknown;
  readonly reasoning?: unknown;
}

type Choice = ChatChunk['choices'][number];

export class ChatResponse {
  readonly #parts: ResponseParts;
  /** Id of the call that each number of the wire stands for, and claw's own number of it. */
  readonly #calls = new Map<number, { id: string | undefined; key: number }>();
  #callCount = 0;
  #finishReason: Choice['finish_reason'] = null;
  #hasRefused = false;
  #usage: ChatChunk['usage'];

  constructor(provider: string) {
    this.#parts = new ResponseParts(provider);
  }

  *read(chunk: ChatChunk): Generator<ModelEvent> {
    this.#usage = chunk.usage ?? this.#usage;
    const choice = chunk.choices?.[0];
    if (choice === undefined) return;
    const { delta } = choice;
    this.#finishReason = choice.finish_reason ?? this.#finishReason;
    yield* this.#reasoning(delta);
    if (typeof delta?.content === 'string' && delta.content !== '') yield* this.#text(delta.content);
    if (typeof delta?.refusal === 'string' && delta.refusal !== '') {
      this.#hasRefused = true;
      yield* this.#text(delta.refusal);
    }
    for (const call of delta?.tool_calls ?? []) {
      const key = this.#keyOf(call.index ?? 0, call.id);
      this.#parts.openCall(key, call.id, call.function?.name);
      this.#parts.addCallInput(key, call.function?.arguments ?? '');
    }
  }

  /** The end of the answer; undefined when the stream stopped before the provider gave a reason. */
  end(): ModelEvent | undefined {
    if (this.#finishReason === null) return undefined;
    const stopReason = this.#stopReason();
    const parts = this.#parts.finish(stopReason === 'max-output-tokens');
    return { type: 'response-end', parts, stopReason, usage: toUsage(this.#usage) };
  }

  *#reasoning(delta: Choice['delta'] | undefined): Generator<ModelEvent> {
    const { reasoning_content, reasoning } = (delta ?? {}) as ReasoningDelta;
    const text = reasoning_content ?? reasoning;
    if (typeof text !== 'string' || text === '') return;
    this.#parts.addReasoning(text);
    yield { type: 'reasoning-delta', text };
  }

  *#text(text: string): Generator<ModelEvent> {
    this.#parts.addText(text);
    yield { type: 'text-delta', text };
  }

  /** Some servers give every parallel call the same number; another id then means another call. */
  #keyOf(index: number, id: string | undefined): number {
    const known = this.#calls.get(index);
    const isAnother = known?.id !== undefined && id !== undefined && id !== '' && id !== known.id;
    if (known !== undefined && !isAnother) return known.key;
    const key = this.#callCount;
    this.#callCount += 1;
    this.#calls.set(index, { id: id === '' ? undefined : id, key });
    return key;
  }

  #stopReason(): ModelStopReason {
    if (this.#finishReason === 'length') return 'max-output-tokens';
    if (this.#finishReason === 'content_filter' || this.#hasRefused) return 'refusal';
    return this.#parts.hasCalls ? 'tool-calls' : 'complete';
  }
}

function toUsage(usage: ChatChunk['usage']): Usage {
  if (usage === undefined || usage === null) return NO_USAGE;
  return {
    inputTokens: usage.prompt_tokens ?? 0,
    outputTokens: usage.completion_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
  };
}
