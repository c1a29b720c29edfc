/** Owns the way back from a Responses stream. Pure conversion, one instance per response. */
import { NO_USAGE, type Usage } from '../../kernel/messages.ts';
import type { ModelEvent, ModelStopReason } from '../language-model.ts';
import { ResponseParts } from '../response-parts.ts';
import type { ResponsesEvent, ResponsesResult } from './sdk.ts';

type ItemDone = Extract<ResponsesEvent, { type: 'response.output_item.done' }>['item'];

export class ResponsesAnswer {
  readonly #parts: ResponseParts;
  #hasRefused = false;

  constructor(provider: string) {
    this.#parts = new ResponseParts(provider);
  }

  *read(event: ResponsesEvent): Generator<ModelEvent> {
    switch (event.type) {
      case 'response.output_text.delta':
        yield* this.#text(event.delta);
        return;
      case 'response.refusal.delta':
        this.#hasRefused = true;
        yield* this.#text(event.delta);
        return;
      case 'response.reasoning_summary_part.added':
        if (event.summary_index > 0) yield* this.#reasoning('\n\n');
        return;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        yield* this.#reasoning(event.delta);
        return;
      case 'response.output_item.added':
        if (event.item.type === 'function_call')
          this.#parts.openCall(event.output_index, event.item.call_id, event.item.name);
        return;
      case 'response.function_call_arguments.delta':
        this.#parts.addCallInput(event.output_index, event.delta);
        return;
      case 'response.output_item.done':
        this.#seal(event.item);
        return;
      case 'response.completed':
      case 'response.incomplete':
        yield this.#end(event.response);
        return;
      case 'response.failed':
        throw Object.assign(new Error('the response failed'), { error: event.response.error ?? {} });
      default:
        return;
    }
  }

  *#text(text: string): Generator<ModelEvent> {
    this.#parts.addText(text);
    if (text !== '') yield { type: 'text-delta', text };
  }

  *#reasoning(text: string): Generator<ModelEvent> {
    this.#parts.addReasoning(text);
    if (text !== '') yield { type: 'reasoning-delta', text };
  }

  /** A reasoning item goes back as it came, which is what its encrypted content is valid for. */
  #seal(item: ItemDone): void {
    if (item.type !== 'reasoning' || typeof item.encrypted_content !== 'string') return;
    const { id, summary, encrypted_content } = item;
    this.#parts.sealReasoning(JSON.stringify({ type: 'reasoning', id, summary, encrypted_content }));
  }

  #end({ status, incomplete_details, usage }: ResponsesResult): ModelEvent {
    const reason = status === 'incomplete' ? incomplete_details?.reason : undefined;
    const stopReason = this.#stopReason(reason);
    const parts = this.#parts.finish(stopReason === 'max-output-tokens');
    return { type: 'response-end', parts, stopReason, usage: toUsage(usage) };
  }

  #stopReason(reason: string | undefined): ModelStopReason {
    if (reason === 'content_filter' || this.#hasRefused) return 'refusal';
    if (reason !== undefined) return 'max-output-tokens';
    return this.#parts.hasCalls ? 'tool-calls' : 'complete';
  }
}

function toUsage(usage: ResponsesResult['usage']): Usage {
  if (usage === undefined || usage === null) return NO_USAGE;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
  };
}
