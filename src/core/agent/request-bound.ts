/** Owns the most tokens a request can be, whatever counts them: no tokenizer makes more of a text than its bytes. */
import type { ModelRequest } from '../llm/language-model.ts';

/** More than any provider counts for one picture, in tokens. */
const IMAGE_TOKENS = 16_000;
/** What providers put before the descriptions of tools themselves, in tokens. */
const TOOL_PREAMBLE_TOKENS = 1_000;

/** Upper bound of the prompt's tokens: the UTF-8 bytes of its texts and of the words around them, and a fixed number for each picture. */
export function requestBound({ system, messages, tools }: Pick<ModelRequest, 'system' | 'messages' | 'tools'>): number {
  let images = 0;
  const text = JSON.stringify([system, messages, tools], (_, value: unknown) => {
    if (!isImage(value)) return value;
    images += 1;
    return { type: 'image' };
  });
  return Buffer.byteLength(text) + images * IMAGE_TOKENS + (tools.length === 0 ? 0 : TOOL_PREAMBLE_TOKENS);
}

/** Names of the tools whose results are new in the request: those after the last answer of the model. */
export function toolsRead({ messages }: Pick<ModelRequest, 'messages'>): string[] {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  const parts = messages.slice(last + 1).flatMap((message) => message.parts);
  const names = parts.flatMap((part) => (part.type === 'tool-result' ? [part.name.replace(/\s+/g, '_')] : []));
  return [...new Set(names)].toSorted();
}

function isImage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'image' && 'data' in value;
}
