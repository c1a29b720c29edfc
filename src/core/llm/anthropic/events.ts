/** Owns the way back from Anthropic's stream: https://platform.claude.com/docs/en/build-with-claude/streaming. Pure conversion, one instance per response. */
import type { Usage } from '../../kernel/messages.ts';
import type { ModelEvent, ModelStopReason } from '../language-model.ts';
import { ResponseParts } from '../response-parts.ts';
import { REDACTED_MARK } from './request.ts';
import type { AnthropicEvent, AnthropicStopReason } from './sdk.ts';

interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
}

export class AnthropicResponse {
  readonly #parts: ResponseParts;
  #usage: WireUsage = {};
  #stopReason: AnthropicStopReason | undefined;
  /** True after the event that ends the message. */
  isComplete = false;

  constructor(provider: string) {
    this.#parts = new ResponseParts(provider);
  }

  *read(event: AnthropicEvent): Generator<ModelEvent> {
    switch (event.type) {
      case 'message_start':
        this.#count(event.message.usage);
        yield { type: 'usage', usage: toUsage(this.#usage) };
        return;
      case 'content_block_start':
        yield* this.#begin(event);
        return;
      case 'content_block_delta':
        yield* this.#grow(event);
        return;
      case 'message_delta':
        this.#stopReason = event.delta.stop_reason ?? this.#stopReason;
        this.#count(event.usage);
        return;
      case 'message_stop':
        this.isComplete = true;
        yield this.#end();
        return;
      default:
        return; // content_block_stop, and events of later versions
    }
  }

  *#begin({
    content_block: block,
    index,
  }: Extract<AnthropicEvent, { type: 'content_block_start' }>): Generator<ModelEvent> {
    if (block.type === 'tool_use') this.#parts.openCall(index, block.id, block.name);
    if (block.type === 'redacted_thinking') this.#parts.sealReasoning(REDACTED_MARK + block.data);
    if (block.type === 'text' && block.text !== '') yield* this.#text(block.text);
    if (block.type === 'thinking' && block.thinking !== '') yield* this.#reasoning(block.thinking);
  }

  *#grow({ delta, index }: Extract<AnthropicEvent, { type: 'content_block_delta' }>): Generator<ModelEvent> {
    if (delta.type === 'text_delta') yield* this.#text(delta.text);
    if (delta.type === 'thinking_delta') yield* this.#reasoning(delta.thinking);
    if (delta.type === 'signature_delta') this.#parts.sealReasoning(delta.signature);
    if (delta.type === 'input_json_delta') this.#parts.addCallInput(index, delta.partial_json);
  }

  *#text(text: string): Generator<ModelEvent> {
    this.#parts.addText(text);
    yield { type: 'text-delta', text };
  }

  *#reasoning(text: string): Generator<ModelEvent> {
    this.#parts.addReasoning(text);
    if (text !== '') yield { type: 'reasoning-delta', text };
  }

  /** Counts are cumulative; a later event corrects an earlier one. */
  #count(usage: WireUsage): void {
    const given = Object.entries(usage).filter(([, value]) => typeof value === 'number');
    this.#usage = { ...this.#usage, ...(Object.fromEntries(given) as WireUsage) };
  }

  #end(): ModelEvent {
    const stopReason = toStopReason(this.#stopReason, this.#parts.hasCalls);
    const parts = this.#parts.finish(stopReason === 'max-output-tokens');
    return { type: 'response-end', parts, stopReason, usage: toUsage(this.#usage) };
  }
}

function toStopReason(reason: AnthropicStopReason | undefined, hasCalls: boolean): ModelStopReason {
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max-output-tokens';
    case 'refusal':
      return 'refusal';
    default:
      return hasCalls ? 'tool-calls' : 'complete';
  }
}

/** Anthropic counts the cached parts of the prompt beside `input_tokens`, not in it. */
function toUsage(usage: WireUsage): Usage {
  const cachedTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: (usage.input_tokens ?? 0) + cachedTokens + cacheWriteTokens,
    outputTokens: usage.output_tokens ?? 0,
    cachedTokens,
    cacheWriteTokens,
  };
}
